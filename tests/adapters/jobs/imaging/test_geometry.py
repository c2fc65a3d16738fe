import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pixie.adapters.jobs.imaging.canvas import MAX_PIXELS, Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.geometry import Crop, Flip, Resize, Rotate

RED, BLUE = (255, 0, 0), (0, 0, 255)


def marked(width: int = 40, height: int = 20) -> Canvas:
    """Blue, with a red upper left quarter; the mask is white there too."""
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    mask = Image.new("L", (width, height))
    mask.paste(255, (0, 0, width // 2, height // 2))
    return Canvas(image, mask)


def pixel(canvas: Canvas, x: int, y: int) -> object:
    return canvas.image.getpixel((x, y))


def test_a_box_is_cut_out_in_pixels() -> None:
    cut = Crop(x=10, y=5, width=20, height=10).apply(marked())

    assert cut.size == (20, 10)
    assert pixel(cut, 0, 0) == RED
    assert pixel(cut, 19, 9) == BLUE


def test_a_box_is_cut_out_in_fractions() -> None:
    cut = Crop(x=0, y=0, width=0.5, height=0.5, unit="fraction").apply(marked())

    assert cut.size == (20, 10)
    assert cut.image.getcolors() == [(200, RED)]


@pytest.mark.parametrize(("ratio", "size"), [("1:1", (20, 20)), ("2:1", (40, 20)), ("4:1", (40, 10)), ("1:4", (5, 20))])
def test_a_shape_is_cut_from_the_middle(ratio: str, size: tuple[int, int]) -> None:
    assert Crop(aspect_ratio=ratio).apply(marked()).size == size


@pytest.mark.parametrize(
    "crop",
    [
        Crop(x=30, y=0, width=20, height=10),
        Crop(x=0, y=15, width=5, height=10),
        Crop(x=0.6, y=0, width=0.5, height=1, unit="fraction"),
        Crop(x=0, y=0, width=0.2, height=5),
        Crop(x=3),
    ],
)
def test_a_box_outside_of_the_picture_is_refused(crop: Crop) -> None:
    with pytest.raises(OperationImpossible):
        crop.apply(marked())


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 9999), st.integers(1, 9999))
def test_any_shape_fits_into_any_picture(width: int, height: int, across: int, down: int) -> None:
    cut = Crop(aspect_ratio=f"{across}:{down}").apply(Canvas(Image.new("RGB", (width, height))))

    assert 1 <= cut.size[0] <= width
    assert 1 <= cut.size[1] <= height
    assert width in cut.size or height in cut.size


def test_a_quarter_turn_is_clockwise_and_loses_nothing() -> None:
    turned = Rotate(angle=90).apply(marked())

    assert turned.size == (20, 40)
    assert pixel(turned, 19, 0) == RED
    assert Rotate(angle=-90).apply(turned).image.tobytes() == marked().image.tobytes()


def test_four_quarter_turns_are_none() -> None:
    canvas = marked()
    for _ in range(4):
        canvas = Rotate(angle=90).apply(canvas)

    assert canvas.image.tobytes() == Rotate(angle=360).apply(marked()).image.tobytes() == marked().image.tobytes()


def test_another_angle_grows_the_picture_and_leaves_transparent_corners() -> None:
    turned = Rotate(angle=45).apply(marked())

    assert turned.size[0] > 40
    assert turned.size[1] > 20
    assert pixel(turned, 0, 0) == (0, 0, 0, 0)
    assert turned.mask is not None
    assert turned.mask.size == turned.size


def test_corners_take_the_background_and_the_size_can_stay() -> None:
    turned = Rotate(angle=45, expand=False, background="#00ff00").apply(marked())

    assert turned.size == (40, 20)
    assert pixel(turned, 0, 0) == (0, 255, 0)
    assert Rotate(angle=90, expand=False, background="#00ff00").apply(marked()).size == (40, 20)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(-360, 360))
def test_picture_and_mask_keep_the_same_size_at_any_angle(width: int, height: int, angle: float) -> None:
    turned = Rotate(angle=angle).apply(marked(width, height))

    assert turned.mask is not None
    assert turned.mask.size == turned.size


def test_flipping_swaps_sides_of_picture_and_mask() -> None:
    flipped = Flip(direction="horizontal").apply(marked())

    assert pixel(flipped, 39, 0) == RED
    assert flipped.mask is not None
    assert flipped.mask.getpixel((39, 0)) == 255
    assert pixel(Flip(direction="vertical").apply(marked()), 0, 19) == RED


@pytest.mark.parametrize(
    ("resize", "size"),
    [
        (Resize(width=20), (20, 10)),
        (Resize(height=40), (80, 40)),
        (Resize(width=100, height=20), (40, 20)),
        (Resize(width=10, height=10), (10, 5)),
        (Resize(width=10, height=10, fit="cover"), (10, 10)),
        (Resize(width=33, height=7, fit="cover"), (33, 7)),
        (Resize(width=10, fit="cover"), (10, 5)),
        (Resize(width=10, height=10, fit="stretch"), (10, 10)),
        (Resize(height=10, fit="stretch"), (20, 10)),
        (Resize(width=80, only_shrink=True), (40, 20)),
        (Resize(width=20, only_shrink=True), (20, 10)),
        (Resize(width=1, height=1), (1, 1)),
    ],
)
def test_resizing_gives_the_size_that_was_asked_for(resize: Resize, size: tuple[int, int]) -> None:
    resized = resize.apply(marked())

    assert resized.size == size
    assert resized.mask is not None
    assert resized.mask.size == size


def test_covering_keeps_the_middle() -> None:
    assert pixel(Resize(width=20, height=20, fit="cover").apply(marked()), 0, 0) == RED


@pytest.mark.parametrize(
    "operation", [Resize(width=16_000), Resize(width=16_000, height=16_000, fit="stretch"), Resize()]
)
def test_a_result_that_is_too_large_is_never_made(operation: Resize) -> None:
    with pytest.raises(OperationImpossible):
        operation.apply(marked(10, 10))


def test_a_turn_that_grows_too_large_is_never_made() -> None:
    side = int(MAX_PIXELS**0.5)

    with pytest.raises(OperationImpossible):
        Rotate(angle=45).apply(Canvas(Image.new("L", (side, side))))
