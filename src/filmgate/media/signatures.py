"""What a file is, by its first bytes: for error messages that say what was got, and never trusting a name."""

from __future__ import annotations

HEAD_BYTES = 512

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (8, b"WEBP", "WebP"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"heic", "HEIC"),
    (8, b"heix", "HEIC"),
    (8, b"mif1", "HEIF"),
    (8, b"avif", "AVIF"),
    (4, b"ftyp", "MP4"),
    (0, b"\x1a\x45\xdf\xa3", "WebM or Matroska"),
    (8, b"AVI ", "AVI"),
    (8, b"WAVE", "WAV"),
    (0, b"OggS", "Ogg"),
    (0, b"ID3", "MP3"),
    (0, b"BM", "BMP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (0, b"%PDF", "PDF"),
    (0, b"PK\x03\x04", "ZIP"),
    (0, b"\x1f\x8b", "gzip"),
)

_TEXTS: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"{", "JSON"),
    (b"#extm3u", "an HLS playlist"),
)


def kind_of(head: bytes) -> str | None:
    """The format that `head` (the first bytes of a file) announces; None when it is none that we know."""
    for offset, signature, kind in _SIGNATURES:
        if head.startswith(signature, offset):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((kind for beginning, kind in _TEXTS if text.startswith(beginning)), None)


def describe(head: bytes, size_bytes: int) -> str:
    """In words: "HTML (5120 bytes)", or "12 bytes that begin with 3c 68 74 6d"."""
    if size_bytes == 0:
        return "nothing (0 bytes)"
    kind = kind_of(head)
    if kind:
        return f"{kind} ({size_bytes} bytes)"
    return f"{size_bytes} bytes that begin with {head[:4].hex(' ')}"
