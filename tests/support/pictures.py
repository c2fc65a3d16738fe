"""Pictures for tests, good and hostile ones."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

STILL_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
ANIMATED_FORMATS = ("PNG", "WEBP", "AVIF", "GIF")


def scene(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Something with edges and gradients: sky, sun, a hill; transparent in a corner if the mode can be."""
    image = Image.new("RGB", (width, height))
    image.paste(Image.linear_gradient("L").resize((width, height)), (0, 0))
    sky = Image.merge("RGB", [image.getchannel(0).point(lambda v, k=k: v * k // 255) for k in (90, 140, 230)])
    draw = ImageDraw.Draw(sky)
    draw.ellipse((width * 0.6, height * 0.1, width * 0.8, height * 0.4), fill=(250, 210, 90))
    draw.polygon([(0, height), (width * 0.4, height * 0.5), (width, height)], fill=(60, 120, 50))
    if mode in {"LA", "RGBA"}:
        mask = Image.new("L", (width, height), 255)
        ImageDraw.Draw(mask).rectangle((0, 0, width // 4, height // 4), fill=0)
        sky.putalpha(mask)
    return sky.convert(mode)


def encoded(image: Image.Image, format_name: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, format_name, **options)
    return target.getvalue()


def picture(format_name: str = "PNG", width: int = 64, height: int = 48, mode: str = "RGB", **options: Any) -> bytes:
    return encoded(scene(width, height, mode), format_name, **options)


def animation(format_name: str, frames: int = 3, width: int = 32, height: int = 24) -> bytes:
    # Every frame must differ, or encoders merge them.
    pictures = [scene(width, height).rotate(31 * (number % 11) + number / 8) for number in range(frames)]
    return encoded(pictures[0], format_name, save_all=True, append_images=pictures[1:], duration=40)


def camera_exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes, with everything that must not come through: place, serial number, maker note."""
    exif = Image.Exif()
    exif[Base.Make] = "Pixie Optics\0"
    exif[Base.Model] = "P-1"
    exif[Base.Orientation] = orientation
    exif[Base.DateTime] = "2026:05:01 12:30:00"
    shot = exif.get_ifd(IFD.Exif)
    shot[Base.ExposureTime] = 0.008
    shot[Base.FNumber] = 1.8
    shot[Base.ISOSpeedRatings] = 100
    shot[Base.DateTimeOriginal] = "2026:05:01 12:29:59"
    shot[Base.BodySerialNumber] = "SERIAL-42"
    shot[Base.MakerNote] = b"maker" * 20
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitude] = (35.0, 41.0, 21.0)
    place[GPS.GPSLatitudeRef] = "N"
    place[GPS.GPSLongitude] = (51.0, 23.0, 20.0)
    place[GPS.GPSLongitudeRef] = "E"
    return exif


def swapped_profile() -> bytes:
    """An ICC profile far from sRGB, small: Lab's."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + png_chunk(b"IEND", b"")


def png_header(width: int, height: int, depth: int = 8, color: int = 2) -> bytes:
    return png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that speak of a huge picture."""
    return png(png_header(width, height), png_chunk(b"IDAT", zlib.compress(bytes(1000))))


def png_bomb(width: int, height: int) -> bytes:
    """A valid black picture that is far smaller packed than unpacked."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(png_header(width, height, depth=1, color=0), png_chunk(b"IDAT", packed))


def png_text_bomb(megabytes: int) -> bytes:
    text = png_chunk(b"zTXt", b"comment\0\0" + zlib.compress(bytes(megabytes * 1024 * 1024), 9))
    row = zlib.compress(b"\0\0\0\0")
    return png(png_header(1, 1), *[text] * 20, png_chunk(b"IDAT", row))


def _riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_canvas_claiming(width: int, height: int) -> bytes:
    """A large animated canvas with a small frame on it: valid, and the decoder allocates all of it."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    still = picture("WEBP", 16, 16)[12:]
    frame = bytes(6) + b"\x0f\0\0\x0f\0\0" + b"\x28\0\0\0" + still
    return _riff((b"VP8X", b"\2\0\0\0" + size), (b"ANIM", bytes(6)), (b"ANMF", frame))


def webp_lossless_claiming(width: int, height: int) -> bytes:
    return _riff((b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(64)))


def webp_lossy_claiming(width: int, height: int) -> bytes:
    data = bytearray(picture("WEBP", 16, 16))
    data[26:30] = struct.pack("<HH", width, height)
    return bytes(data)


webps_claiming = (webp_canvas_claiming, webp_lossless_claiming, webp_lossy_claiming)


def gif_claiming(width: int, height: int) -> bytes:
    data = bytearray(picture("GIF", 16, 16))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def jpeg_claiming(width: int, height: int) -> bytes:
    data = bytearray(picture("JPEG", 16, 16))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_scan_bomb(scans: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    data = picture("JPEG", 512, 512, progressive=True)
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * scans + data[-2:]


def written(folder: Path, data: bytes, name: str = "picture") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
