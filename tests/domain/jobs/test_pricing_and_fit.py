from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.fit import check_fit, check_picture_sizes, completed
from pixie.domain.jobs.generation import PictureSize
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, ModelCard, Price
from pixie.domain.jobs.pricing import bill, quote
from tests.support.builders.files import file_id
from tests.support.builders.jobs import a_card

prices = st.builds(Price, base=st.integers(0, 9), per_image=st.integers(0, 9), per_megapixel=st.integers(0, 9))
requests = st.builds(JobInput, num_images=st.integers(1, 8))


def test_begun_megapixels_and_seconds_count_whole() -> None:
    price = Price(base=1, per_megapixel=2, per_second=3)

    assert quote(price, JobInput(duration_seconds=1.2), megapixels=2.01) == 1 + 2 * 3 + 3 * 2


@given(price=prices, request=requests, megapixels=st.floats(0, 50), made=st.integers(0, 12))
def test_a_bill_never_exceeds_the_quote(price: Price, request: JobInput, megapixels: float, made: int) -> None:
    held = quote(price, request, megapixels)

    assert 0 <= bill(price, request, made, held) <= held


@given(price=prices, request=requests)
def test_all_images_made_cost_what_was_quoted(price: Price, request: JobInput) -> None:
    assert bill(price, request, request.num_images, quote(price, request)) == quote(price, request)


def test_a_price_is_never_negative() -> None:
    with pytest.raises(ValueError, match="never negative"):
        Price(base=-1)


def test_every_field_at_fault_is_named() -> None:
    card = a_card(model_type=JobType.IMAGE_EDIT, needs_image=True, max_images=1)

    with pytest.raises(InvalidParameters) as refusal:
        check_fit(card, JobType.IMAGE_GENERATION, JobInput(num_images=3, scale=2))

    assert [pointer for pointer, _ in refusal.value.fields] == ["/model", "/image_file_id", "/num_images", "/scale"]


ONE, OTHER = file_id(1), file_id(2)
COLLAGE = a_card(
    model_type=JobType.IMAGE_EDIT,
    needs_image=True,
    max_input_images=3,
    max_input_megapixels=10,
    max_total_megapixels=20,
)


def sized(*megapixels: float) -> list[PictureSize]:
    return [PictureSize(width=1000, height=round(each * 1000)) for each in megapixels]


def refused(card: ModelCard, request: JobInput) -> list[tuple[str, str]]:
    with pytest.raises(InvalidParameters) as refusal:
        check_fit(card, card.model_type, request)
    return refusal.value.fields


def test_a_picture_may_be_named_or_listed() -> None:
    assert JobInput(image_file_id=ONE).pictures == JobInput(image_file_ids=(ONE,)).pictures == (ONE,)
    assert JobInput(image_file_ids=(OTHER, ONE, OTHER)).pictures == (OTHER, ONE, OTHER)
    assert JobInput().pictures == ()

    check_fit(a_card(needs_image=True), JobType.IMAGE_GENERATION, JobInput(image_file_ids=(ONE,)))
    check_fit(COLLAGE, JobType.IMAGE_EDIT, JobInput(image_file_ids=(ONE, OTHER, ONE)))


def test_a_picture_is_not_both_named_and_listed() -> None:
    [(pointer, message)] = refused(COLLAGE, JobInput(image_file_id=ONE, image_file_ids=(OTHER,)))

    assert pointer == "/image_file_ids"
    assert "not both" in message


def test_more_pictures_than_the_model_takes_are_refused() -> None:
    [(pointer, message)] = refused(COLLAGE, JobInput(image_file_ids=(ONE,) * 4))
    [(_, message_of_one)] = refused(a_card(needs_image=True), JobInput(image_file_ids=(ONE, OTHER)))

    assert pointer == "/image_file_ids"
    assert message.endswith("takes 3 pictures at most; these are 4")
    assert message_of_one.endswith("takes one picture at most; these are 2")


def test_a_model_that_takes_no_picture_takes_no_list_of_them() -> None:
    [(pointer, message)] = refused(a_card(), JobInput(image_file_ids=(ONE,)))

    assert (pointer, message) == ("/image_file_ids", "fake/sketch takes no picture")


def test_a_picture_beyond_the_cards_limit_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidParameters, match="megapixels") as alone:
        check_picture_sizes(a_card(needs_image=True), JobInput(image_file_id=ONE), sized(400.0))
    with pytest.raises(InvalidParameters) as listed:
        check_picture_sizes(COLLAGE, JobInput(image_file_ids=(ONE, OTHER, ONE)), sized(10.0, 10.1, 12.0))

    assert [pointer for pointer, _ in alone.value.fields] == ["/image_file_id"]
    assert [pointer for pointer, _ in listed.value.fields] == ["/image_file_ids/1", "/image_file_ids/2"]


def test_pictures_that_are_too_large_together_are_refused() -> None:
    request = JobInput(image_file_ids=(ONE, OTHER, ONE))

    check_picture_sizes(COLLAGE, request, sized(10.0, 9.0, 1.0))
    with pytest.raises(InvalidParameters, match=r"takes up to 20 megapixels in all; these have 20\.5"):
        check_picture_sizes(COLLAGE, request, sized(10.0, 9.0, 1.5))


def test_without_a_limit_for_all_the_limit_for_one_holds_for_all() -> None:
    card = a_card(needs_image=True, max_input_images=2, max_input_megapixels=10)

    with pytest.raises(InvalidParameters, match="up to 10 megapixels in all"):
        check_picture_sizes(card, JobInput(image_file_ids=(ONE, OTHER)), sized(6.0, 6.0))


FILM = a_card(model_type=JobType.VIDEO_GENERATION, usual_seconds=4)


@pytest.mark.parametrize(("given", "seconds"), [(None, 4), (2.5, 2.5)])
def test_a_request_is_completed_with_the_usual_duration(given: float | None, seconds: float) -> None:
    assert completed(FILM, JobInput(duration_seconds=given)).duration_seconds == seconds


def test_a_picture_has_no_duration() -> None:
    assert completed(a_card(usual_seconds=4), JobInput()).duration_seconds is None


PAINTER = replace(a_card(), max_side=1000, max_output_megapixels=0.5, max_aspect_ratio=8)


@pytest.mark.parametrize(
    ("request_", "pointers"),
    [
        (JobInput(prompt="x", width=1001, height=100), ["/width"]),
        (JobInput(prompt="x", width=100, height=1001), ["/height"]),
        (JobInput(prompt="x", width=1000, height=501), ["/width"]),
        (JobInput(prompt="x", width=500), ["/height"]),
        (JobInput(prompt="x", height=500), ["/width"]),
        (JobInput(prompt="x", width=500, height=500, aspect_ratio="1:1"), ["/aspect_ratio"]),
        (JobInput(prompt="x", width=500, aspect_ratio="1:1"), ["/aspect_ratio"]),
        (JobInput(prompt="x", aspect_ratio="9:1"), ["/aspect_ratio"]),
        (JobInput(prompt="x", aspect_ratio="1:99"), ["/aspect_ratio"]),
        (JobInput(prompt="x", negative_prompt="y"), ["/negative_prompt"]),
        (JobInput(prompt="x", strength=0.5), ["/strength"]),
        (JobInput(prompt="x", duration_seconds=2), ["/duration_seconds"]),
        (JobInput(prompt="x", width=1000, height=500), []),
        (JobInput(prompt="x", aspect_ratio="8:1", seed=7), []),
        (JobInput(prompt="x", aspect_ratio="1:8"), []),
    ],
)
def test_what_a_model_would_ignore_or_cannot_make_is_refused(request_: JobInput, pointers: list[str]) -> None:
    found: list[tuple[str, str]] = []
    try:
        check_fit(PAINTER, JobType.IMAGE_GENERATION, request_)
    except InvalidParameters as refusal:
        found = refusal.fields

    assert [pointer for pointer, _ in found] == pointers


def test_what_a_card_says_is_taken_is_taken() -> None:
    card = replace(a_card(), takes_negative_prompt=True, takes_strength=True)

    check_fit(card, JobType.IMAGE_GENERATION, JobInput(prompt="x", negative_prompt="y", strength=0.5))


@pytest.mark.parametrize("makes", [JobType.IMAGE_EDIT, JobType.IMAGE_UPSCALE])
def test_a_size_is_chosen_only_where_a_picture_is_made_from_nothing(makes: JobType) -> None:
    with pytest.raises(InvalidParameters) as refusal:
        check_fit(a_card(model_type=makes), makes, JobInput(width=100, height=100))
    with pytest.raises(InvalidParameters, match="aspect_ratio"):
        check_fit(a_card(model_type=makes), makes, JobInput(aspect_ratio="1:1"))

    assert [pointer for pointer, _ in refusal.value.fields] == ["/width", "/height"]


@pytest.mark.parametrize(
    ("request_", "pointers"),
    [
        (JobInput(duration_seconds=1), []),
        (JobInput(duration_seconds=8, aspect_ratio="1:3"), []),
        (JobInput(duration_seconds=0.9), ["/duration_seconds"]),
        (JobInput(duration_seconds=8.1, aspect_ratio="31:10"), ["/duration_seconds", "/aspect_ratio"]),
        (JobInput(aspect_ratio="1:4"), ["/aspect_ratio"]),
    ],
)
def test_a_film_is_as_long_and_as_wide_as_its_model_makes_it(request_: JobInput, pointers: list[str]) -> None:
    card = replace(FILM, min_seconds=1, max_seconds=8, max_aspect_ratio=3)

    found: list[str] = []
    try:
        check_fit(card, JobType.VIDEO_GENERATION, request_)
    except InvalidParameters as refused:
        found = [pointer for pointer, _ in refused.fields]

    assert found == pointers
