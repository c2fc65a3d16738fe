from datetime import timedelta

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
            f"This picture has {width} x {height} pixels; at most {limit / 1_000_000:.3g} million are taken.",
            width=width,
            height=height,
            max_pixels=limit,
        )


class FileNotFound(PixieError):
    """There is no such file, or it is not the caller's to see, or it has expired."""

    kind = ErrorKind.MISSING
    code = "file_not_found"
    title = "File not found"

    def __init__(self) -> None:
        super().__init__("There is no file with this id that you may see.")


class FilesNotFound(PixieError):
    """Someone else's files are not to be seen, nor whether there are any."""

    kind = ErrorKind.MISSING
    code = "files_not_found"
    title = "Files not found"

    def __init__(self) -> None:
        super().__init__("There are no files of this user that you may see.")


class FileTooLarge(PixieError):
    """The file has more bytes than are taken."""

    kind = ErrorKind.TOO_LARGE
    code = "file_too_large"
    title = "File too large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"At most {limit / 1_000_000:.1f} MB are taken.", max_bytes=limit)


class FileLinkInvalid(PixieError):
    """A signed link that ran out, or was changed on its way."""

    kind = ErrorKind.DENIED
    code = "file_link_invalid"
    title = "File link invalid"

    def __init__(self) -> None:
        super().__init__("This link has expired or was changed. Ask for the file again to get a new one.")


class StorageUnavailable(PixieError):
    """Files can be neither kept nor read at the moment; everything else goes on."""

    kind = ErrorKind.UNAVAILABLE
    code = "storage_unavailable"
    title = "Storage unavailable"

    def __init__(self) -> None:
        super().__init__(
            "The file storage does not answer right now. Try again shortly.", retry_after=timedelta(seconds=5)
        )
