"""An upstream that may answer anything at all: the vendor's own replies bent out of shape, junk, broken connections."""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from hypothesis import strategies as st

from golden.format import GivenReply

# Becomes, in a reply, what the request said of itself: vendors repeat headers and links in their errors.
ECHO = "WHAT-YOU-SAID"
_MOST_CALLS = 100

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
JUNK = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"ok"',
    b"0",
    HTML,
    b"upstream connect error",
    b"\xff\xfe\x00\x01" * 50,
    b'{"id": "\xff"}',
    b"[" * 100_000,
    b'{"data":' * 50_000,
    b"9" * 5000,
    b'{"id": NaN, "status": Infinity}',
    b'{"data":' * 200 + b"{}" + b"}" * 200,
    b'{"id": "\\ud83d", "task_id": "a\\u0000b"}',
    ECHO.encode(),
)


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def golden(cls, reply: GivenReply) -> Reply | str:
        return reply.raises or cls(reply.status, reply.content(), reply.headers)


class ScriptedTransport(httpx.AsyncBaseTransport):
    """Answers the n-th call with the n-th of `script`, and every later one with the last. A text is an error's name."""

    def __init__(self, script: Sequence[Reply | str]) -> None:
        self._script = list(script)
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        assert len(self.requests) <= _MOST_CALLS, "the adapter asks without end"
        reply = self._script[min(len(self.requests), len(self._script)) - 1]
        if isinstance(reply, str):
            raise getattr(httpx, reply)("as the test says")
        headers = {"content-type": "application/json", **reply.headers}
        said = " ".join([str(request.url), *request.headers.values()])
        content = reply.body.replace(ECHO.encode(), json.dumps(said)[1:-1].encode())
        return httpx.Response(reply.status, headers=headers, content=_Stream(content))

    def tokens_sent(self) -> list[str]:
        """What stood in the authorization headers: secrets too, some signed for one call."""
        tokens = [request.headers.get("authorization", "").rpartition(" ")[2] for request in self.requests]
        return [token for token in tokens if len(token) >= 8]


class _Stream(httpx.AsyncByteStream):
    """A body that is decoded as it is read, like that of a real connection."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self):
        yield self._content


_TEXTS = st.text(st.characters(), max_size=8) | st.sampled_from([ECHO, "", " ", "https://cdn.example/v.mp4", "null"])
_NUMBERS = st.integers() | st.floats() | st.sampled_from([10**30, -(10**400), 1e308, 0, -1])
_SCALARS = st.none() | st.booleans() | _NUMBERS | _TEXTS


def any_json(keys: Sequence[str]) -> st.SearchStrategy[Any]:
    """`keys` are the vendor's: an object without them is soon told to be none."""
    names = st.sampled_from(list(keys)) | st.text(max_size=4) if keys else st.text(max_size=4)
    return st.recursive(
        _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5), max_leaves=12
    )


@st.composite
def replies(draw: st.DrawFn, real_bodies: Sequence[Any]) -> Reply:
    """Any status with any body, most often a real one bent in one to three places."""
    status = draw(st.sampled_from([200, 200, 200, 201, 202, 400, 401, 403, 404, 429, 500, 503]) | st.integers(200, 599))
    headers = draw(st.sampled_from(_HEADERS))
    return Reply(status, draw(_bodies(real_bodies)), headers)


_HEADERS: list[dict[str, str]] = [
    {},
    {},
    {},
    {"retry-after": "5"},
    {"retry-after": "soon"},
    {"retry-after": "1e999"},
    {"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"},
    {"content-type": "text/html"},
    {"content-encoding": "gzip"},
    {"location": "http://169.254.169.254/"},
]


def _bodies(real_bodies: Sequence[Any]) -> st.SearchStrategy[bytes]:
    keys = sorted({key for body in real_bodies for key in _keys(body)})
    junk = st.sampled_from(JUNK) | st.binary(max_size=40) | any_json(keys).map(_encoded)
    if not real_bodies:
        return junk
    real = st.sampled_from(list(real_bodies))
    bent = real.flatmap(_bent).map(_encoded)
    cut_off = st.tuples(real, st.integers(1, 20)).map(lambda pair: _encoded(pair[0])[: -pair[1]])
    return st.one_of(bent, bent, bent, junk, cut_off)


@st.composite
def _bent(draw: st.DrawFn, body: Any) -> Any:
    for _ in range(draw(st.integers(1, 3))):
        ways = list(every_bend(body)) if len(json.dumps(body)) < _LONGEST_BENT_AGAIN else []
        body = draw(st.sampled_from(ways))[1] if ways else draw(_SCALARS)
    return body


def every_bend(body: Any) -> Iterator[tuple[str, Any]]:
    """`body` with one value of it changed, in every way that there is: (what was done, the changed body)."""
    for path in _paths(body):
        for change in _CHANGES if isinstance(_at(body, path), dict | list) else _CHANGES_OF_A_LEAF:
            changed = copy.deepcopy(body)
            holder = _at(changed, path[:-1])
            if change == "delete":
                del holder[path[-1]]
            else:
                holder[path[-1]] = _changed(holder[path[-1]], change)
            yield f"{change} {'.'.join(map(str, path))}", changed


_LONGEST_BENT_AGAIN = 2000
_CHANGES = ("delete", "null", "another type", "echo")
_CHANGES_OF_A_LEAF = (*_CHANGES, "unstorable", "huge")


def _changed(value: Any, change: str) -> Any:
    text = value if isinstance(value, str) else ""
    match change:
        case "null":
            return None
        case "another type":
            return _of_another_type(value)
        case "echo":
            return f"{text} {ECHO}"
        case "unstorable":
            return f"{text}\ud83d\x00"
        case _:
            return 10**400


def _of_another_type(value: Any) -> Any:
    match value:
        case str():
            return int(value) if value.isdecimal() and len(value) < 1000 else {"text": value}
        case dict():
            return list(value.values())
        case list():
            return {str(index): item for index, item in enumerate(value)}
        case _:
            return str(value).lower()


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    return functools.reduce(lambda holder, key: holder[key], path, value)


def _paths(value: Any) -> list[tuple[Any, ...]]:
    """The way to every value in `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, item in items for path in ((key,), *((key, *rest) for rest in _paths(item)))]


def shape_of(value: Any) -> Any:
    """What two replies have in common that are read alike: their keys, their types, and their short words."""
    match value:
        case dict():
            return tuple((key, shape_of(item)) for key, item in sorted(value.items()))
        case list():
            return tuple(shape_of(item) for item in value[:2])
        case str() if value.isidentifier():
            return value
        case _:
            return type(value).__name__


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for item in value.values() for key in _keys(item)}
    return {key for item in value for key in _keys(item)} if isinstance(value, list) else set()


def _encoded(value: Any) -> bytes:
    return json.dumps(value).encode()
