"""From a file to a file, as `local/edit` does it."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from PIL import Image

from pixie.adapters.jobs.imaging.edit_parameters import edit_schema
from pixie.adapters.jobs.imaging.edit_picture import edit_picture
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.kernel.json import JsonObject
from tests.support import pictures

SCHEMA = Draft202012Validator(edit_schema())


def edited(
    folder: Path,
    data: bytes,
    *operations: JsonObject,
    mask: bytes | None = None,
    others: Sequence[bytes] = (),
    **more: Any,
) -> Image.Image:
    parameters: JsonObject = {"operations": [*operations], **more}
    SCHEMA.validate(parameters)
    sources = [str(pictures.written(folder, one, f"picture-{at}")) for at, one in enumerate((data, *others))]
    mask_path = None if mask is None else str(pictures.written(folder, mask, "mask"))
    path = edit_picture(sources, mask_path, parameters, str(folder), 7, lambda percent: None)
    with Image.open(path) as image:
        image.load()
    return image


def test_the_schema_is_valid_and_names_every_operation() -> None:
    Draft202012Validator.check_schema(edit_schema())
    operations: Any = edit_schema()["properties"]["operations"]["items"]["oneOf"]

    assert [operation["title"] for operation in operations] == [
        *("auto_enhance", "crop", "rotate", "flip", "resize", "adjust", "blur", "sharpen", "filter"),
        *("colorize", "erase", "cutout", "replace_background", "outpaint", "watermark", "collage"),
    ]
    assert all(operation["description"] for operation in operations)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "unknown"},
        {"op": "crop"},
        {"op": "crop", "x": 1},
        {"op": "crop", "x": 0, "y": 0, "width": 5, "height": 5, "aspect_ratio": "1:1"},
        {"op": "crop", "x": 1, "aspect_ratio": "1:1"},
        {"op": "crop", "x": -1, "y": 0, "width": 5, "height": 5},
        {"op": "rotate"},
        {"op": "rotate", "angle": 400},
        {"op": "resize"},
        {"op": "resize", "width": 0},
        {"op": "resize", "width": 1.5},
        {"op": "adjust", "contrast": 101},
        {"op": "blur", "radius": 0},
        {"op": "filter"},
        {"op": "filter", "name": "nobody knows"},
        {"op": "flip", "direction": "horizontal", "extra": 1},
        {"op": "erase", "region": {"x": 1, "y": 1, "width": 5}},
        {"op": "erase", "region": {"x": 1, "y": 1, "width": 5, "height": 0}},
        {"op": "erase", "region": {"x": 1, "y": 1, "width": 5, "height": 5, "shape": "star"}},
        {"op": "erase", "margin": 201},
        {"op": "replace_background"},
        {"op": "replace_background", "color": "red"},
        {"op": "replace_background", "color": "#ff0000", "blur": 0.1},
        {"op": "replace_background", "picture": 0},
        {"op": "replace_background", "picture": 16},
        {"op": "outpaint"},
        {"op": "outpaint", "left": 0},
        {"op": "outpaint", "left": 10, "aspect_ratio": "1:1"},
        {"op": "colorize"},
        {"op": "colorize", "preset": "nobody knows"},
        {"op": "colorize", "preset": "rose", "colors": ["#000000", "#ffffff"]},
        {"op": "colorize", "colors": ["#000000"]},
        {"op": "watermark"},
        {"op": "watermark", "text": ""},
        {"op": "watermark", "text": " \n "},
        {"op": "watermark", "text": "a\tb"},
        {"op": "watermark", "text": "x" * 201},
        {"op": "watermark", "text": "x", "picture": 1},
        {"op": "watermark", "text": "x", "opacity": 0},
        {"op": "watermark", "text": "x", "position": "above"},
        {"op": "collage", "columns": 0},
        {"op": "collage", "width": 9000},
        {"op": "collage", "aspect_ratio": "0:1"},
        {"area": "mask"},
        "crop",
    ],
)
def test_the_schema_refuses_what_makes_no_sense(operation: Any) -> None:
    assert not SCHEMA.is_valid({"operations": [operation]})


@pytest.mark.parametrize("count", [0, 21])
def test_there_is_one_operation_at_least_and_twenty_at_most(count: int) -> None:
    assert not SCHEMA.is_valid({"operations": [{"op": "flip"}] * count})


def test_operations_run_in_their_order(tmp_path: Path) -> None:
    image = edited(
        tmp_path,
        pictures.picture("PNG", 100, 50),
        {"op": "crop", "x": 0, "y": 0, "width": 50, "height": 50},
        {"op": "resize", "width": 20},
        {"op": "rotate", "angle": 90},
        {"op": "auto_enhance"},
    )

    assert image.size == (20, 20)


@pytest.mark.parametrize(
    ("name", "kept"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP"), ("GIF", "PNG"), ("AVIF", "PNG")]
)
def test_without_a_format_the_result_has_the_inputs(name: str, kept: str, tmp_path: Path) -> None:
    assert edited(tmp_path, pictures.picture(name), {"op": "flip"}).format == kept


@pytest.mark.parametrize("chosen", ["jpeg", "png", "webp"])
def test_the_format_can_be_chosen(chosen: str, tmp_path: Path) -> None:
    assert edited(tmp_path, pictures.picture(), {"op": "flip"}, format=chosen).format == chosen.upper()


def test_quality_makes_the_file_larger(tmp_path: Path) -> None:
    data = pictures.picture("PNG", 300, 200)
    sizes = []
    for quality in (10, 95):
        edited(tmp_path, data, {"op": "flip"}, format="jpeg", quality=quality)
        sizes.append((tmp_path / "edited.jpeg").stat().st_size)

    assert sizes[0] < sizes[1]


def test_transparency_is_kept_where_the_format_knows_it_and_white_where_not(tmp_path: Path) -> None:
    data = pictures.picture("PNG", 80, 60, "RGBA")

    assert edited(tmp_path, data, {"op": "auto_enhance"}, format="webp").getpixel((2, 2))[3] == 0  # type: ignore[index]  # RGBA
    assert edited(tmp_path, data, {"op": "flip", "direction": "vertical"}, format="jpeg").getpixel(
        (2, 57)
    ) == pytest.approx((255, 255, 255), abs=3)


def test_the_picture_is_turned_upright_first_and_metadata_stays_behind(tmp_path: Path) -> None:
    data = pictures.picture("JPEG", 80, 60, exif=pictures.camera_exif(6), comment=b"made at home")

    image = edited(tmp_path, data, {"op": "flip"})

    assert image.size == (60, 80)
    assert not image.getexif()
    assert not {"exif", "comment", "icc_profile"} & set(image.info)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA", "CMYK"])
def test_any_kind_of_pixels_can_be_edited(mode: str, tmp_path: Path) -> None:
    image = pictures.scene(64, 48, mode if mode in {"LA", "RGBA"} else "RGB").convert(mode)

    edited(tmp_path, pictures.encoded(image, "JPEG" if mode == "CMYK" else "PNG"), {"op": "auto_enhance"})


def test_of_an_animation_the_first_frame_is_edited(tmp_path: Path) -> None:
    assert getattr(edited(tmp_path, pictures.animation("GIF"), {"op": "flip"}), "n_frames", 1) == 1


def test_a_mask_of_another_size_is_stretched_over_the_picture(tmp_path: Path) -> None:
    mask = Image.new("L", (10, 10))
    mask.paste(255, (0, 0, 5, 10))
    white = pictures.encoded(Image.new("RGB", (80, 40), "white"), "PNG")

    image = edited(
        tmp_path, white, {"op": "filter", "name": "invert", "area": "mask"}, mask=pictures.encoded(mask, "PNG")
    )

    assert image.getpixel((5, 20)) == (0, 0, 0)
    assert image.getpixel((75, 20)) == (255, 255, 255)


def test_what_cannot_be_done_is_refused_with_the_operations_number(tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused, match=r"operations\[1\] \(crop\): its box ends at \(500, 10\)"):
        edited(
            tmp_path,
            pictures.picture("PNG", 64, 48),
            {"op": "flip"},
            {"op": "crop", "x": 400, "y": 0, "width": 100, "height": 10},
        )


@pytest.mark.parametrize("data", [pictures.png_claiming(20_000, 20_000), b"nonsense", pictures.picture()[:300]])
def test_a_bad_input_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused):
        edited(tmp_path, data, {"op": "flip"})


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    told: list[int] = []
    source = pictures.written(tmp_path, pictures.picture())

    edit_picture([str(source)], None, {"operations": [{"op": "flip"}, {"op": "flip"}]}, str(tmp_path), 7, told.append)

    assert told == [10, 50, 90]


def test_a_picture_that_nobody_needs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused, match="No operation uses picture 1 of image_file_ids"):
        edited(tmp_path, pictures.picture(), {"op": "flip"}, others=[pictures.picture()])


@pytest.mark.parametrize("operation", [{"op": "watermark", "picture": 3}, {"op": "replace_background", "picture": 2}])
def test_a_picture_that_is_not_there_is_refused_by_its_place(operation: JsonObject, tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused, match=r"operations\[1\] .*picture \d, but the request has only 0 to 1"):
        edited(tmp_path, pictures.picture(), {"op": "flip"}, operation, others=[pictures.picture()])
    with pytest.raises(ProviderRefused, match="the request has only one; list all of them in image_file_ids"):
        edited(tmp_path, pictures.picture(), {"op": "flip"}, operation)


def test_another_picture_that_is_broken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused, match=r"operations\[0\] \(watermark\): picture 1 cannot be decoded"):
        edited(tmp_path, pictures.picture(), {"op": "watermark", "picture": 1}, others=[b"nonsense"])


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP"])
def test_a_cut_out_picture_is_never_a_jpeg(format_name: str, tmp_path: Path) -> None:
    whole = {"x": 0.4, "y": 0.05, "width": 0.55, "height": 0.5, "unit": "fraction"}
    image = edited(tmp_path, pictures.picture(format_name, 160, 120), {"op": "cutout", "region": whole})

    assert image.format == ("PNG" if format_name == "JPEG" else format_name)
    assert image.mode == "RGBA"


def test_the_schema_refuses_a_cut_out_jpeg() -> None:
    cut = {"operations": [{"op": "flip"}, {"op": "cutout"}]}

    assert SCHEMA.is_valid(cut)
    assert SCHEMA.is_valid({**cut, "format": "webp"})
    assert not SCHEMA.is_valid({**cut, "format": "jpeg"})
    assert SCHEMA.is_valid({"operations": [{"op": "replace_background", "blur": 0.02}], "format": "jpeg"})


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


SIDE = st.integers(1, 200)
AREA = st.sampled_from(["everywhere", "mask", "outside_mask"])
REGION = st.fixed_dictionaries(
    {"x": numbers(0, 90), "y": numbers(0, 90), "width": numbers(0.1, 90), "height": numbers(0.1, 90)},
    optional={"shape": st.sampled_from(["rectangle", "ellipse"])},
)


def operation(name: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"op": st.just(name)}, optional=fields)


ANY_OPERATION = st.one_of(
    operation("auto_enhance", strength=numbers(0, 1), area=AREA),
    operation("adjust", exposure=numbers(-4, 4), hue=st.integers(-180, 180), gamma=numbers(0.2, 5), area=AREA),
    operation("blur", radius=numbers(0.1, 250), kind=st.sampled_from(["box", "gaussian"]), area=AREA),
    operation("sharpen", amount=st.integers(1, 500), radius=numbers(0.1, 50), area=AREA),
    st.fixed_dictionaries({"op": st.just("crop"), "x": SIDE, "y": SIDE, "width": SIDE, "height": SIDE}),
    st.fixed_dictionaries({"op": st.just("rotate"), "angle": numbers(-360, 360)}, optional={"expand": st.booleans()}),
    st.fixed_dictionaries(
        {"op": st.just("resize"), "width": SIDE},
        optional={"height": SIDE, "fit": st.sampled_from(["contain", "cover", "stretch"])},
    ),
    operation("erase", region=REGION, margin=st.integers(0, 200)),
    operation("cutout", region=REGION),
    st.fixed_dictionaries(
        {"op": st.just("replace_background"), "blur": numbers(0.001, 0.2)}, optional={"region": REGION}
    ),
    st.fixed_dictionaries(
        {"op": st.just("outpaint"), "left": SIDE},
        optional={"top": SIDE, "bottom": numbers(0.1, 90), "fill": st.sampled_from(["mirror", "patches"])},
    ),
    st.fixed_dictionaries(
        {"op": st.just("outpaint"), "aspect_ratio": st.sampled_from(["1:1", "16:9", "1:2", "9999:1"])},
        optional={"anchor": st.sampled_from(["left", "bottom"])},
    ),
    operation("colorize", preset=st.sampled_from(["rose", "neon_night", "ember"]), strength=numbers(0, 1), area=AREA),
    st.fixed_dictionaries(
        {"op": st.just("watermark"), "text": st.text(min_size=1, max_size=200)},
        optional={
            "size": numbers(0.02, 1),
            "angle": numbers(-180, 180),
            "tile": st.booleans(),
            "margin": numbers(0, 0.4),
        },
    ),
    operation("collage", width=st.integers(64, 300), gap=numbers(0, 0.1), corner_radius=numbers(0, 0.5)),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY_OPERATION, min_size=1, max_size=6), st.sampled_from(["RGB", "RGBA", "LA", "P"]), SIDE, SIDE)
def test_what_the_schema_accepts_works_or_is_refused(
    tmp_path: Path, operations: list[JsonObject], mode: str, width: int, height: int
) -> None:
    image = pictures.scene(width, height, "RGB").convert(mode)
    assume(SCHEMA.is_valid({"operations": operations}))

    with suppress(ProviderRefused):
        edited(tmp_path, pictures.encoded(image, "PNG"), *operations, mask=pictures.picture("PNG", 20, 30, "L"))
