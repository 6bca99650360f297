"""A request body of any allowed content type, as one flat set of named values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import parse_qsl

from fastapi import Request
from multipart import (
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
    parse_options_header,  # pyright: ignore[reportUnknownVariableType] - has no annotations
)

from filmgate.core.errors import InvalidRequest, UnsupportedMediaType

MOST_FIELD_BYTES = 32 * 1024 * 1024  # a 20 MB image as base64 text, with room
MOST_PARTS = 200
MOST_FILE_BYTES = 20 * 1024 * 1024

ALLOWED_TYPES = "multipart/form-data, application/json or application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file part of a multipart body. Its name and declared type are not to be trusted."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """`values` holds every value a field was given, in order; `texts` says that numbers arrive as text (forms)."""

    values: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    texts: bool = False


async def read_body(request: Request) -> Body:
    """Parse the body by its content type.

    Raises UnsupportedMediaType, BodyTooLarge, or InvalidRequest(invalid_body) for a body that is not what it says.
    """
    content_type, boundary = _content_type(request.headers.get("content-type", ""))
    match content_type:
        case "multipart/form-data":
            return Body(await _read_multipart(request, boundary), texts=True)
        case "application/x-www-form-urlencoded":
            return Body(_urlencoded_values(await request.body()), texts=True)
        case "application/json":
            return _json_body(await request.body())
        case "":
            raise UnsupportedMediaType(f"The request has no content-type; allowed is {ALLOWED_TYPES}")
        case other:
            raise UnsupportedMediaType(f"content-type {other[:100]!r} is not read here; allowed is {ALLOWED_TYPES}")


def _content_type(header: str) -> tuple[str, str]:
    """The media type in lower case, and its `boundary`, empty if there is none."""
    media_type, options = cast("tuple[str, dict[str, str]]", parse_options_header(header))
    return media_type.strip().lower(), options.get("boundary", "")


async def _read_multipart(request: Request, boundary: str) -> dict[str, list[Any]]:
    """The parts by name: text, or a file where the part has a file name. Nothing touches the disk.

    The body is read to its end even when it is bad: a client that is still sending would not see our answer.
    """
    parts: list[_Part] = []
    problem: MultipartError | None = None
    parser = _parser(boundary)
    async for chunk in request.stream():
        problem = problem or _feed(parser, chunk, parts)
    problem = problem or _feed(parser, b"", parts)
    if problem is not None:
        raise _invalid(f"The body is no valid multipart form: {problem}")
    values: dict[str, list[Any]] = {}
    for part in parts:
        values.setdefault(part.name, []).append(part.value())
    return values


def _parser(boundary: str) -> PushMultipartParser:
    try:
        return PushMultipartParser(boundary, max_segment_count=MOST_PARTS)
    except MultipartError as error:
        raise _invalid(f"The content-type names no usable boundary: {error}") from error


def _feed(parser: PushMultipartParser, chunk: bytes, parts: list[_Part]) -> MultipartError | None:
    """Parse one more chunk (empty: the end) into `parts`; what is wrong with it, or None."""
    try:
        for event in parser.parse(chunk) if chunk else ():
            if isinstance(event, MultipartSegment):
                parts.append(_Part(event.name or "", is_file=event.filename is not None))
            elif event is not None:
                parts[-1].add(event)
        if not chunk:
            parser.close()
    except MultipartError as error:
        return error
    return None


@dataclass(slots=True)
class _Part:
    name: str
    is_file: bool
    content: bytearray = field(default_factory=bytearray)
    too_large: bool = False

    @property
    def most_bytes(self) -> int:
        return MOST_FILE_BYTES if self.is_file else MOST_FIELD_BYTES

    def add(self, data: bytes | bytearray) -> None:
        """Keep `data`, unless the part is larger than it may be: then nothing of it is kept."""
        self.too_large = self.too_large or len(self.content) + len(data) > self.most_bytes
        if self.too_large:
            self.content.clear()
        else:
            self.content += data

    def value(self) -> str | UploadedFile:
        """Raises InvalidRequest for a part that was too large, or for text that is not UTF-8."""
        if self.too_large:
            raise InvalidRequest(
                f"{self.name[:64]}: has more than the {self.most_bytes // 1024**2} MB that are allowed",
                code="invalid_image" if self.is_file else "invalid_parameter",
                param=self.name[:64],
            )
        return UploadedFile(bytes(self.content)) if self.is_file else _text(bytes(self.content), self.name)


def _urlencoded_values(content: bytes) -> dict[str, list[Any]]:
    # Bytes that are no UTF-8, escaped or not, come through as lone surrogates, so that `_text` can name their field.
    text = content.decode("utf-8", "surrogateescape")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_PARTS)
    except ValueError as error:
        raise _invalid(f"The body is no valid form: {error}") from error
    values: dict[str, list[Any]] = {}
    for name, value in pairs:
        known = _text(name.encode("utf-8", "surrogateescape"), "a field's name")
        values.setdefault(known, []).append(_text(value.encode("utf-8", "surrogateescape"), known))
    return values


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise InvalidRequest(f"{name[:64]}: is not valid UTF-8", param=name[:64]) from None


def _json_body(content: bytes) -> Body:
    data = parse_json(content, "The body")
    if not isinstance(data, Mapping):
        raise _invalid(f"The body must be a JSON object; got {_kind(data)}")
    return Body({name: [value] for name, value in cast("Mapping[str, Any]", data).items()})


def parse_json(content: bytes | str, what: str) -> Any:
    """JSON without a name given twice with different values. Raises InvalidRequest(invalid_body)."""
    try:
        return json.loads(content, object_pairs_hook=_unique)
    except RecursionError as error:
        raise _invalid(f"{what} is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise _invalid(f"{what} is not valid UTF-8") from error
    except ValueError as error:
        raise _invalid(f"{what} is no valid JSON: {error}") from error


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in pairs:
        if name in result and result[name] != value:
            raise InvalidRequest(
                f"{name[:64]}: given twice with different values", code="conflicting_parameters", param=name[:64]
            )
        result[name] = value
    return result


def check_text(value: Any, param: str, *, depth: int = 0) -> None:
    """Refuse what cannot be stored or sent on: NUL characters, lone surrogates, infinities, and depth beyond 32."""
    if depth > 32:
        raise InvalidRequest(f"{param}: nested deeper than 32 levels", param=param)
    if isinstance(value, str):
        if "\x00" in value:
            raise InvalidRequest(f"{param}: holds a NUL character, which is not allowed", param=param)
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise InvalidRequest(f"{param}: holds half of a character (a lone surrogate)", param=param)
    elif isinstance(value, float) and not math.isfinite(value):
        raise InvalidRequest(f"{param}: {value} is no finite number", param=param)
    elif isinstance(value, Mapping):
        for name, item in cast("Mapping[str, Any]", value).items():
            check_text(name, param, depth=depth + 1)
            check_text(item, param, depth=depth + 1)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            check_text(item, param, depth=depth + 1)


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", int: "a number", float: "a number", bool: "a boolean"}
    return names.get(cast("type[Any]", type(value)), "null")


def _invalid(message: str) -> InvalidRequest:
    return InvalidRequest(message, code="invalid_body")
