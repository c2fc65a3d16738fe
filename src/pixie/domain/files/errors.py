from pixie.domain.files.media import PICTURES
from pixie.domain.kernel.errors import ErrorKind, PixieError


class UnsupportedMediaType(PixieError):
    kind = ErrorKind.UNSUPPORTED
    code = "unsupported_media_type"
    title = "Unsupported media type"

    def __init__(self) -> None:
        labels = ", ".join(kind.label for kind in PICTURES)
        super().__init__(
            f"By its content this file is none of the pictures that Pixie takes: {labels}.",
            supported=[kind.value for kind in PICTURES],
        )


class InvalidImage(PixieError):
    kind = ErrorKind.INVALID
    code = "invalid_image"
    title = "Invalid image"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This picture cannot be used: {reason}.")


class ImageTooManyPixels(PixieError):
    kind = ErrorKind.INVALID
    code = "image_too_many_pixels"
    title = "Image too large"

    def __init__(self, *, width: int, height: int, limit: int) -> None:
        super().__init__(
            f"This picture has {width} x {height} pixels; at most {limit / 1_000_000:g} million are taken.",
            width=width,
            height=height,
            max_pixels=limit,
        )
