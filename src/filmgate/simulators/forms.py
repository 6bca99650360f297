"""Reading request bodies: JSON, and the two kinds of forms."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, cast

from multipart import (
    MultipartError,
    MultipartPart,
    parse_form_data,  # pyright: ignore[reportUnknownVariableType] - has no annotations
)
from starlette.requests import Request

_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart body."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A request body. In a form every value is a text or an `Upload`.

    Bracketed names of forms are unfolded: `a[b]` is {"a": {"b": …}}, `a[]` is {"a": […]}.
    """

    is_form: bool
    fields: dict[str, Any]


class UnreadableBody(Exception):
    """The body is not what its content type says."""


class UnsupportedBody(Exception):
    """The body is of a type that is not read here."""


async def json_object(request: Request) -> dict[str, Any] | None:
    """The body as a JSON object; None where it is none."""
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", body) if isinstance(body, dict) else None


async def read_sent(request: Request) -> Sent:
    """Raises UnreadableBody or UnsupportedBody."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        body = await json_object(request)
        if body is None:
            raise UnreadableBody("the body is no JSON object")
        return Sent(is_form=False, fields=body)
    if media_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise UnsupportedBody(f"unsupported content type {media_type!r}")
    content = await request.body()
    environ = {
        "CONTENT_TYPE": request.headers["content-type"],
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
    }
    try:
        texts, files = cast(
            "tuple[_Parts, _Parts]",
            parse_form_data(environ, strict=True, memory_limit=_MOST_BYTES, spool_limit=_MOST_BYTES),
        )
        fields: dict[str, Any] = {}
        for name, value in texts.iterallitems():
            _enter(fields, name, value)
        for name, part in cast("Iterator[tuple[str, MultipartPart]]", files.iterallitems()):
            _enter(fields, name, Upload(part.content_type, part.raw))
    except (MultipartError, UnicodeDecodeError) as error:
        raise UnreadableBody(str(error)) from error
    return Sent(is_form=True, fields=fields)


class _Parts(Protocol):
    def iterallitems(self) -> Iterator[tuple[str, Any]]: ...


def _enter(fields: dict[str, Any], name: str, value: Any) -> None:
    outer, bracket, inner = name.removesuffix("]").partition("[")
    if not bracket:
        fields[name] = value
        return
    held: Any = fields.setdefault(outer, {} if inner else [])
    if inner and isinstance(held, dict):
        held[inner] = value
    elif not inner and isinstance(held, list):
        cast("list[Any]", held).append(value)
    else:
        raise UnreadableBody(f"{outer!r} is given in two ways")
