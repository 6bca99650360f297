import base64
import contextlib
import hashlib
import io
import struct
import time
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from filmgate.core.errors import InvalidRequest
from filmgate.media.images import ImageUrl, NormalisedImage, decode_image_source, normalise_image


def encoded(image: Image.Image, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def corner_white(size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Black, with white in the top left quarter."""
    image = Image.new("RGB", size)
    image.paste((255, 255, 255), (0, 0, size[0] // 2, size[1] // 2))
    return image


def opened(result: NormalisedImage) -> Image.Image:
    return Image.open(io.BytesIO(result.content))


def refused(content: bytes) -> str:
    with pytest.raises(InvalidRequest) as caught:
        normalise_image(content, param="image")
    assert (caught.value.code, caught.value.param) == ("invalid_image", "image")
    return caught.value.message


@pytest.mark.parametrize(
    ("image_format", "media_type", "options"),
    [
        ("PNG", "image/png", {}),
        ("JPEG", "image/jpeg", {}),
        ("JPEG", "image/jpeg", {"progressive": True}),
        ("WEBP", "image/webp", {}),
        ("WEBP", "image/webp", {"lossless": True}),
    ],
)
def test_what_is_right_already_keeps_its_bytes(image_format: str, media_type: str, options: dict[str, object]) -> None:
    content = encoded(corner_white(), image_format, **options)
    result = normalise_image(content, param="image")
    assert result.content == content
    assert (result.media_type, result.width_px, result.height_px) == (media_type, 64, 32)
    assert result.sha256 == hashlib.sha256(content).hexdigest()


def test_a_phone_jpeg_with_a_second_picture_in_it_is_a_jpeg() -> None:
    """The MPO format: a gain map or a second eye behind the picture that every viewer shows."""
    content = encoded(corner_white(), "MPO", save_all=True, append_images=[corner_white((32, 16))])
    result = normalise_image(content, param="image")
    assert (result.content, result.media_type, result.width_px) == (content, "image/jpeg", 64)


def test_transparency_is_kept() -> None:
    content = encoded(Image.new("RGBA", (4, 4), (1, 2, 3, 4)), "PNG")
    assert normalise_image(content, param="image").content == content


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_exif_orientation_is_applied_once(orientation: int, image_format: str) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = corner_white().transpose(undo[orientation])
    result = normalise_image(encoded(stored, image_format, exif=exif), param="image")
    assert (result.width_px, result.height_px) == (64, 32)
    assert result.media_type == ("image/png" if image_format == "PNG" else "image/jpeg")
    image = opened(result)
    assert image.size == (64, 32)
    assert 0x0112 not in image.getexif()
    pixels = np.asarray(image.convert("L")).astype(int)
    assert pixels[8, 16] > 240
    assert max(pixels[8, 48], pixels[24, 16], pixels[24, 48]) < 15


@pytest.mark.parametrize("orientation", [0, 1, 9, 77])
def test_an_orientation_that_turns_nothing_changes_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(corner_white(), "JPEG", exif=exif)
    assert normalise_image(content, param="image").content == content


def test_cmyk_becomes_rgb() -> None:
    result = normalise_image(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG"), param="image")
    image = opened(result)
    assert (result.media_type, image.mode) == ("image/jpeg", "RGB")
    red, green, blue = image.getpixel((4, 4))
    assert red > 240
    assert max(green, blue) < 15


def test_sixteen_bit_grey_is_scaled_not_cut() -> None:
    deep = Image.fromarray(np.linspace(0, 65535, 64).astype(np.uint16).reshape(8, 8))
    result = normalise_image(encoded(deep, "PNG"), param="image")
    image = opened(result)
    assert (result.media_type, image.mode) == ("image/png", "RGB")
    assert np.abs(np.asarray(image)[..., 0].ravel() - np.linspace(0, 255, 64)).max() <= 1


def png(width: int, height: int, bit_depth: int, color_type: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, bit_depth, color_type, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_sixteen_bit_colour_becomes_eight() -> None:
    row = b"\x00" + struct.pack(">6H", 65535, 0, 0, 0, 32768, 65535)
    result = normalise_image(png(2, 1, 16, 2, row), param="image")
    assert result.content[24] == 8
    assert [opened(result).getpixel((x, 0)) for x in range(2)] == [(255, 0, 0), (0, 128, 255)]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P"])
def test_grey_and_palette_become_rgb(mode: str) -> None:
    result = normalise_image(encoded(corner_white().convert(mode), "PNG"), param="image")
    image = opened(result)
    assert image.mode == ("RGBA" if mode == "LA" else "RGB")
    assert image.convert("L").getpixel((4, 4)) == 255


def test_a_transparent_palette_keeps_its_transparency() -> None:
    image = corner_white().convert("P")
    content = encoded(image, "PNG", transparency=image.getpixel((60, 30)))
    assert opened(normalise_image(content, param="image")).getpixel((60, 30))[3] == 0


def frames(count: int = 3) -> list[Image.Image]:
    return [Image.new("RGB", (16, 16), (80 * index, 0, 255 - 80 * index)) for index in range(count)]


def test_the_first_frame_of_a_gif_is_taken() -> None:
    first, *rest = frames()
    result = normalise_image(encoded(first, "GIF", save_all=True, append_images=rest), param="image")
    assert result.media_type == "image/png"
    assert opened(result).getpixel((3, 3)) == (0, 0, 255)


@pytest.mark.parametrize(("image_format", "name"), [("WEBP", "WebP"), ("PNG", "PNG")])
def test_other_animations_are_refused_in_words(image_format: str, name: str) -> None:
    first, *rest = frames()
    message = refused(encoded(first, image_format, save_all=True, append_images=rest))
    assert f"an animated {name}; send a still image" in message


@pytest.mark.parametrize("size", [(1, 1), (1, 8000), (8000, 1)])
def test_tiny_and_narrow_images_are_images(size: tuple[int, int]) -> None:
    result = normalise_image(encoded(Image.new("RGB", size), "PNG"), param="image")
    assert (result.width_px, result.height_px) == size


@pytest.mark.parametrize("size", [(7072, 7072), (10_000, 10_000), (65_535, 65_535), (2**31 - 1, 2**31 - 1)])
def test_a_pixel_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    """The header announces the pixels, and the body holds next to none: decoding would fail in other words."""
    message = refused(png(*size, 8, 2, b"\x00" * 100))
    assert "more than 50 megapixels" in message


def test_a_header_without_pixels_does_not_decode() -> None:
    assert "that does not decode" in refused(png(100, 100, 8, 2, b""))


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_truncated_image_is_refused(image_format: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8))
    content = encoded(noise, image_format)
    assert "that does not decode" in refused(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing (0 bytes)"),
        (b"<htm", "4 bytes that begin with 3c 68 74 6d"),
        (b"<!doctype html><p>403", "HTML (21 bytes)"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG (41 bytes)"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC (16 bytes)"),
        (b"%PDF-1.7", "PDF (8 bytes)"),
        (b"BM" + bytes(60), "BMP (62 bytes)"),
    ],
)
def test_what_is_no_image_is_named_beside_what_is_allowed(content: bytes, words: str) -> None:
    message = refused(content)
    assert words in message
    assert "PNG, JPEG, WebP or GIF" in message


def test_an_image_over_twenty_megabytes_is_refused_unread() -> None:
    assert "20971521 bytes" in refused(b"\x89PNG\r\n\x1a\n" + bytes(20 * 1024 * 1024 - 7))


def test_a_colour_profile_survives_turning() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    result = normalise_image(encoded(corner_white(), "JPEG", exif=exif, icc_profile=b"profile"), param="image")
    assert opened(result).info["icc_profile"] == b"profile"


SAMPLES: list[Callable[[], bytes]] = [
    lambda: encoded(corner_white(), "PNG"),
    lambda: encoded(corner_white(), "JPEG", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00"),
    lambda: encoded(corner_white(), "WEBP"),
    lambda: encoded(corner_white(), "GIF"),
]


def accept_or_refuse(content: bytes) -> None:
    with contextlib.suppress(InvalidRequest):
        normalise_image(content, param="image")


@given(
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\x10\x00\x00\x00WEBP", b"GIF89a"]), st.binary()
)
def test_any_bytes_are_an_image_or_an_invalid_request(beginning: bytes, rest: bytes) -> None:
    accept_or_refuse(beginning + rest)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of broken metadata, and goes on
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(range(len(SAMPLES))), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=6))
def test_damaged_images_are_an_image_or_an_invalid_request(sample: int, changes: list[tuple[float, int]]) -> None:
    content = bytearray(SAMPLES[sample]())
    for place, value in changes:
        content[min(int(place * len(content)), len(content) - 1)] = value
    accept_or_refuse(bytes(content))


@given(st.binary(max_size=300), st.sampled_from([base64.b64encode, base64.urlsafe_b64encode]), st.booleans())
def test_base64_comes_back_in_every_wrapping(content: bytes, encode: Callable[[bytes], bytes], padded: bool) -> None:
    text = encode(content).decode()
    bare = text if padded else text.rstrip("=")
    wrapped = "\r\n".join(bare[start : start + 76] for start in range(0, len(bare), 76))
    assert decode_image_source(wrapped, param="image") == content
    for header in ("data:image/png;base64,", "DATA:;BASE64,", "data:image/png;charset=utf-8;base64,"):
        assert decode_image_source(header + bare, param="image") == content


@pytest.mark.parametrize("text", ["https://cdn.example/a.png?sig=1", "  HTTP://cdn.example/a.png\n"])
def test_a_url_is_left_to_be_fetched(text: str) -> None:
    assert decode_image_source(text, param="image") == ImageUrl(text.strip())


@pytest.mark.parametrize(
    "text",
    [
        "cat.png",
        "ftp://cdn.example/a.png",
        "file:///etc/passwd",
        "data:image/png,%89PNG",
        "data:image/png;base64",
        "data:image/svg+xml;utf8,<svg/>",
        "data:image/png;base64,abc=def",
        "a",
        "日本",
        "data:image/png;base64,日本",
        "ab\x00cd",
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"image is .*Allowed: PNG, JPEG, WebP or GIF") as caught:
        decode_image_source(text, param="image")
    assert (caught.value.code, caught.value.param) == ("invalid_image", "image")


@given(st.text())
def test_any_text_is_bytes_a_url_or_an_invalid_request(text: str) -> None:
    try:
        assert isinstance(decode_image_source(text, param="image"), bytes | ImageUrl)
    except InvalidRequest as error:
        assert len(error.message) < 400  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    "text",
    [
        "A" * 30_000_000,
        "data:image/png;base64," + "A" * 30_000_000,
        "data:" + ";" * 30_000_000,
        " " * 30_000_000,
        "A\n" * 13_000_000,
        "ht" * 15_000_000,
    ],
)
def test_thirty_megabytes_take_no_time(text: str) -> None:
    began = time.process_time()
    try:
        decode_image_source(text, param="image")
    except InvalidRequest as error:
        assert len(error.message) < 400  # noqa: PT017 - either outcome is right
    assert time.process_time() - began < 2.0


def test_base64_over_twenty_megabytes_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="22500000 bytes"):
        decode_image_source("A" * 30_000_000, param="image")
