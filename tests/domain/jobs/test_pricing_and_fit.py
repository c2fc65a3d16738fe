from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.fit import check_fit, check_picture
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.jobs.model_card import JobType, Price
from pixie.domain.jobs.pricing import bill, quote
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


def test_a_picture_beyond_the_cards_limit_is_refused() -> None:
    with pytest.raises(InvalidParameters, match="megapixels"):
        check_picture(a_card(), 20_000, 20_000)


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
