import pytest

from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.fit import check_picture_sizes
from pixie.domain.jobs.generation import PictureSize
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard, Price
from tests.support.builders.files import file_id
from tests.support.builders.jobs import a_card, a_card_with, a_variant

FAST = a_variant("fast", price=Price(per_megapixel=1), megapixels=4, deadline_seconds=60)
FINE = a_variant("fine", price=Price(base=3, per_megapixel=9), megapixels=1, deadline_seconds=600)
CARD = a_card_with(FAST, FINE)
PLAINLY = JobInput(image_file_id=file_id(1))
SLOWLY = JobInput(image_file_id=file_id(1), parameters={"variant": "fine"})


def check_picture(card: ModelCard, request: JobInput, width: int, height: int) -> None:
    check_picture_sizes(card, request, [PictureSize(width=width, height=height)])


def test_a_card_without_variants_has_its_own_terms_whatever_is_asked() -> None:
    card = a_card(price=Price(base=5), deadline_seconds=7)

    terms = card.terms({"variant": "fine"})

    assert (terms.price, terms.deadline_seconds) == (Price(base=5), 7)
    assert card.variant({}) is None


def test_the_parameter_chooses_the_variant_and_without_it_the_first_holds() -> None:
    assert CARD.terms({}) == FAST.terms
    assert CARD.terms({"variant": "fast"}) == FAST.terms
    assert CARD.terms({"variant": "fine"}) == FINE.terms


@pytest.mark.parametrize("odd", ["gone", None, ["fine"], {"fine": 1}, 7])
def test_a_variant_that_is_not_there_any_more_is_the_first(odd: object) -> None:
    assert CARD.terms({"variant": odd}) == FAST.terms


def test_each_variant_has_its_own_limit() -> None:
    check_picture(CARD, PLAINLY, 2000, 1000)
    check_picture(CARD, SLOWLY, 1000, 1000)

    with pytest.raises(InvalidParameters, match=r"fake/upscale \(fine\) takes pictures of up to 1 megapixel.* 1\.01"):
        check_picture(CARD, SLOWLY, 1001, 1000)


def test_a_side_beyond_the_cards_limit_is_refused() -> None:
    card = ModelCard(
        name="fake/wide",
        title="Wide",
        provider="fake",
        model_type=JobType.IMAGE_UPSCALE,
        description="For tests.",
        parameters={"type": "object"},
        price=Price(),
        max_input_side=500,
    )
    check_picture(card, PLAINLY, 500, 1)

    with pytest.raises(InvalidParameters, match="up to 500 pixels a side; this one has 2 x 501") as refused:
        check_picture(card, PLAINLY, 2, 501)
    assert [pointer for pointer, _ in refused.value.fields] == ["/image_file_id"]


def test_a_card_says_what_its_first_variant_says() -> None:
    with pytest.raises(ValueError, match="first variant"):
        ModelCard(
            name="fake/upscale",
            title="A model",
            provider="fake",
            model_type=JobType.IMAGE_UPSCALE,
            description="For tests.",
            parameters={"type": "object"},
            price=Price(base=99),
            variants=(FAST, FINE),
        )
