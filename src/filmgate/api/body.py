"""A request body of any allowed content type, as one flat set of named values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from filmgate.core.errors import ClientError, InvalidRequest, UnsupportedMediaType

MOST_FIELD_BYTES = 32 * 1024 * 1024  # a 20 MB image as base64 text, with room
MOST_FILES = 32
MOST_FIELDS = 200
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
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    match content_type:
        case "multipart/form-data" | "application/x-www-form-urlencoded":
            return await _read_form(request)
        case "application/json":
            return _json_body(await request.body())
        case "":
            raise UnsupportedMediaType(f"The request has no content-type; allowed is {ALLOWED_TYPES}")
        case other:
            raise UnsupportedMediaType(f"content-type {other[:100]!r} is not read here; allowed is {ALLOWED_TYPES}")


async def _read_form(request: Request) -> Body:
    try:
        form = await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES)
    except ClientError:
        raise
    except (HTTPException, MultiPartException, FormParserError, ValueError, KeyError) as error:
        detail = getattr(error, "detail", None) or getattr(error, "message", None) or str(error)
        raise _invalid(f"The body is no valid form: {detail}") from error
    try:
        values: dict[str, list[Any]] = {}
        for name, value in form.multi_items():
            values.setdefault(name, []).append(await _form_value(name, value))
        return Body(values, texts=True)
    finally:
        await form.close()


async def _form_value(name: str, value: UploadFile | str) -> str | UploadedFile:
    if isinstance(value, str):
        return value
    if value.size is not None and value.size > MOST_FILE_BYTES:
        raise InvalidRequest(
            f"{name}: the file has {value.size / 1024**2:.1f} MB; allowed are {MOST_FILE_BYTES // 1024**2} MB",
            code="invalid_image",
            param=name,
        )
    return UploadedFile(await value.read())


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
