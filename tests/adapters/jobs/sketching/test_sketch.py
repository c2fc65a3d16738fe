"""Sketches: the same words and seed give the same picture, and the words matter."""

import hashlib
import sys
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat

from pixie.adapters.jobs.sketching.palette import PALETTES
from pixie.adapters.jobs.sketching.sketch import sketch
from pixie.adapters.jobs.sketching.sketch_parameters import sketch_order, sketch_schema
from pixie.adapters.jobs.sketching.wishes import Light, Scene, wishes_of
from pixie.adapters.jobs.sketching.write_sketches import write_sketches
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.jobs.generation import GenerationRequest
from pixie.domain.kernel.ids import JobId

SMALL = (96, 64)
TINY = (48, 32)
GOLDEN: dict[str, str] = {
    "a lake at sunset": "00e077a042c980f6",
    "snowy pine forest": "c4a39e274d129384",
    "the city by night": "5087e45c3ba32d4e",
    "a meadow of flowers": "e6a50b2bf30e3c6e",
    "desert dunes": "8e1745dd520a9ef0",
    "abstract music": "fdbd2ec1650212b9",
}


def fingerprint(image: Image.Image) -> str:
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


def brightness(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).mean[0]


def request(**fields: object) -> GenerationRequest:
    known: dict[str, object] = {"prompt": "sea", "seed": 5, **fields}
    return GenerationRequest(
        job_id=JobId(UUID(int=1)),
        idempotency_key="key",
        attempt=1,
        model="local/sketch",
        workdir=Path(),
        **known,  # type: ignore[arg-type]  # fields of a request
    )


@pytest.mark.parametrize("scene", get_args(Scene))
def test_every_scene_is_painted_in_every_light(scene: Scene) -> None:
    for light in get_args(Light):
        image = sketch("anything at all", 3, TINY, scene=scene, light=light)

        assert (image.mode, image.size) == ("RGB", TINY)
        assert len(image.getcolors(TINY[0] * TINY[1]) or ()) > 200


@pytest.mark.parametrize(
    "prompt",
    [
        "a cabin in the snowy forest",
        "a house in a meadow of flowers",
        "northern aurora over the mountains at night",
        "the city by the river at sunset",
        "a boat on a lake in the mountains",
        "birds over snowy hills",
    ],
)
def test_things_that_a_prompt_names_change_the_picture(prompt: str) -> None:
    for seed in range(4):
        assert sketch(prompt, seed, TINY).size == TINY


def test_every_light_has_a_palette() -> None:
    assert set(PALETTES) == set(get_args(Light))


def test_the_same_words_and_seed_give_the_same_bytes(tmp_path: Path) -> None:
    order = sketch_order(request(prompt="mountains at night", width=96, height=64, num_images=2))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_sketches(order, str(tmp_path / folder), lambda percent: None)

    for name in ("sketch-1.png", "sketch-2.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="other compilers may round the last bit of a blend otherwise")
def test_a_picture_never_changes_from_release_to_release() -> None:
    """A user's seed is a promise. Change it on purpose only, and say so in the change log."""
    painted = {prompt: fingerprint(sketch(prompt, 7, SMALL)) for prompt in GOLDEN}

    assert painted == GOLDEN


def test_seed_and_words_both_matter() -> None:
    pictures = {fingerprint(sketch(prompt, seed, SMALL)) for prompt in ("sea", "ocean") for seed in (1, 2)}

    assert len(pictures) == 4


def test_case_and_spaces_do_not() -> None:
    assert fingerprint(sketch(" The  Sea ", 1, SMALL)) == fingerprint(sketch("the sea", 1, SMALL))


def test_the_following_pictures_are_those_of_the_following_seeds(tmp_path: Path) -> None:
    paths = write_sketches(
        sketch_order(request(width=96, height=64, num_images=2)), str(tmp_path), lambda percent: None
    )

    with Image.open(paths[1]) as second:
        assert fingerprint(second) == fingerprint(sketch("sea", 6, SMALL))


@pytest.mark.parametrize(
    ("prompt", "scene", "light"),
    [
        ("a lake at sunset", "sea", "sunset"),
        ("snowy pine forest", "forest", "winter"),
        ("the city by night, in winter", "city", "night"),
        ("غروب دریا", "sea", "sunset"),
        ("جنگل پاییزی در شب", "forest", "night"),
        ("كوه برفي", "mountains", "winter"),
        ("گل\u200cها در بهار", "meadow", "day"),
        ("a portrait of my aunt", None, None),
    ],
)
def test_known_words_are_understood(prompt: str, scene: Scene | None, light: Light | None) -> None:
    wishes = wishes_of(prompt)

    assert (wishes.scene, wishes.light) == (scene, light)


def test_the_night_is_darker_than_the_day() -> None:
    for scene in get_args(Scene):
        night, day = (sketch("x", 1, TINY, scene=scene, light=light) for light in ("night", "day"))
        assert brightness(night) < brightness(day)


@settings(deadline=None, max_examples=15)
@given(st.text(max_size=60), st.integers(0, 2**31), st.integers(16, 200), st.integers(16, 200))
def test_any_words_and_any_size_give_a_picture(prompt: str, seed: int, width: int, height: int) -> None:
    assert sketch(prompt, seed, (width, height)).size == (width, height)


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({}, (1024, 1024)),
        ({"width": 300, "height": 200}, (300, 200)),
        ({"width": 300}, (300, 300)),
        ({"aspect_ratio": "16:9"}, (1368, 768)),
        ({"aspect_ratio": "1:99"}, (360, 2896)),
    ],
)
def test_sizes_follow_the_request(fields: dict[str, object], size: tuple[int, int]) -> None:
    assert sketch_order(request(**fields)).size == size


@pytest.mark.parametrize("fields", [{"width": 8}, {"width": 5000}, {"width": 4000, "height": 4000}])
def test_other_sizes_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ProviderRefused):
        sketch_order(request(**fields))


def test_scene_and_light_can_be_ordered() -> None:
    order = sketch_order(request(parameters={"scene": "desert", "light": "dawn"}))

    assert (order.scene, order.light) == ("desert", "dawn")
    assert set(sketch_schema()["properties"]) == {"scene", "light"}
