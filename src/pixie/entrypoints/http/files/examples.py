"""What requests and answers look like, for the API's description."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIType,
    RequestBody,
    Schema,
)

from pixie.application.files.views import FileLinkView, FileMetadataView, FileView, Provenance
from pixie.entrypoints.http.kernel.bodies import BodyExamples
from pixie.entrypoints.http.kernel.operations import IdempotentOperation
from pixie.entrypoints.http.kernel.pagination import Listing
from pixie.entrypoints.http.kernel.problem import MEDIA_TYPE, Problem

_ID = UUID("019aaf3e-8f40-7c1d-9a52-3b6f0e7d2c11")
_URL = f"https://pixie.example.com/api/files/{_ID}"
_SIGNED = "expires=1795435200&signature=4vT0mJc3jQ8n1Yw5sK2fH7bXaLrEoPzUuGdCiVtN9kM"
_MADE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_CHECKSUM = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"

FILE = FileView(
    id=_ID,
    original_name="sunset.jpg",
    mime_type="image/jpeg",
    file_size=482_113,
    width=1600,
    height=1200,
    is_temporary=False,
    expires_at=None,
    checksum_sha256=_CHECKSUM,
    url=f"{_URL}?{_SIGNED}",
    thumbnail_url=f"{_URL}/thumbnail?{_SIGNED}",
    created_at=_MADE,
)
METADATA = FileMetadataView(
    id=_ID,
    original_name="sunset.jpg",
    mime_type="image/jpeg",
    file_size=482_113,
    width=1600,
    height=1200,
    is_temporary=False,
    expires_at=None,
    checksum_sha256=_CHECKSUM,
    url=f"{_URL}?{_SIGNED}",
    thumbnail_url=f"{_URL}/thumbnail?{_SIGNED}",
    created_at=_MADE,
    format="jpeg",
    has_alpha=False,
    frames=1,
    dominant_color="#c86432",
    blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
    exif={"model": "P-1", "iso": 100},
    provenance=Provenance(job_id=UUID("019aaf3e-9f40-7c1d-9a52-3b6f0e7d2c12")),
)
LINK = FileLinkView(url=f"{_URL}?{_SIGNED}", expires_at=datetime(2026, 11, 23, 12, tzinfo=UTC))
FILES = Listing(items=[FILE], next_cursor=None)


def binary(description: str) -> ResponseSpec:
    return ResponseSpec(data_container=bytes, generate_examples=False, description=description, media_type="image/*")


RANGE_NOT_SATISFIABLE = ResponseSpec(
    data_container=Problem,
    generate_examples=False,
    description="Range not satisfiable (`range_not_satisfiable`)",
    media_type=MEDIA_TYPE,
)

UPLOAD = RequestBody(
    required=True,
    description="One file, and how long to keep it.",
    content={
        "multipart/form-data": OpenAPIMediaType(
            schema=Schema(
                type=OpenAPIType.OBJECT,
                required=["file"],
                additional_properties=False,
                properties={
                    "file": Schema(
                        type=OpenAPIType.STRING,
                        content_media_type="application/octet-stream",
                        min_length=1,
                        description="A picture: JPEG, PNG, WebP, AVIF or GIF.",
                    ),
                    "is_temporary": Schema(
                        type=OpenAPIType.BOOLEAN,
                        default=False,
                        description="Whether the file goes by itself after a day.",
                    ),
                },
            )
        )
    },
)

BODIES = BodyExamples(
    {
        "uploadFile": {
            "a picture": {"file": "(the bytes of sunset.jpg)"},
            "a picture for a day": {"file": "(the bytes of sunset.jpg)", "is_temporary": True},
        }
    }
)


@dataclass
class UploadOperation(IdempotentOperation):
    """The body is read by hand, so it is described by hand."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.request_body = UPLOAD
