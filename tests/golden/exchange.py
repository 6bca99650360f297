"""The upstream's side of a golden case: real images, a transport that knows what it will be asked, a still clock."""

from __future__ import annotations

import base64
import difflib
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import httpx
from multipart import parse_form_data
from PIL import Image

from filmgate.core.request import Images, InputImage
from golden.format import Exchange, ExpectedRequest, GivenImages

SIDE_PX = 512


class Mismatch(AssertionError):
    """The adapter did not do what the golden case says. The message is a diff: wanted (-), got (+)."""


@dataclass(frozen=True, slots=True)
class StillClock:
    time: float

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        raise Mismatch(f"an adapter never waits; it wanted to sleep for {seconds} s")


@lru_cache
def image_bytes(file: str, role: str) -> bytes:
    """A real image, another one for each role, so that no two can be mistaken for each other."""
    colour = tuple(hashlib.sha256(role.encode()).digest()[:3])
    stored = io.BytesIO()
    Image.new("RGB", (SIDE_PX, SIDE_PX), colour).save(stored, file)
    return stored.getvalue()


@dataclass(frozen=True, slots=True)
class StoredImages:
    """The images of a case as the file store has them."""

    given: GivenImages

    def images(self) -> Images:
        stored = {role: self._input_image(role) for role in self.given.by_role()}
        references = tuple(stored[role] for role in stored if role.startswith("reference_"))
        return Images(stored.get("first_frame"), stored.get("last_frame"), references)

    async def read_input(self, key: str) -> bytes:
        return self._content(key.removeprefix("inputs/"))

    def hide_in(self, text: str) -> str:
        """`text` with the images in it written as the golden files write them."""
        for role, image in self.given.by_role().items():
            encoded = base64.b64encode(self._content(role)).decode()
            text = text.replace(f"data:image/{image.file};base64,{encoded}", f"$data_uri:{role}")
            text = text.replace(encoded, f"$base64:{role}")
        return text

    def file_named(self, content: bytes, media_type: str) -> dict[str, Any]:
        """An uploaded file part as the golden files write it."""
        for role, image in self.given.by_role().items():
            if (content, media_type) == (self._content(role), f"image/{image.file}"):
                return {"file": image.file}
        return {"file": f"{len(content)} bytes of {media_type} that are no image of this case"}

    def _content(self, role: str) -> bytes:
        return image_bytes(self.given.by_role()[role].file, role)

    def _input_image(self, role: str) -> InputImage:
        image, content = self.given.by_role()[role], self._content(role)
        digest = hashlib.sha256(content).hexdigest()
        return InputImage(
            f"inputs/{role}", f"image/{image.file}", SIDE_PX, SIDE_PX, len(content), digest, source_url=image.url
        )


class GoldenTransport(httpx.AsyncBaseTransport):
    """Answers each request with the next exchange, if it is the one that the exchange expects."""

    def __init__(self, exchanges: Sequence[Exchange], images: StoredImages) -> None:
        self._ahead = list(exchanges)
        self._images = images
        self._mismatches: list[str] = []  # noted beside raising: an adapter may swallow what is raised

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        if not self._ahead:
            raise self._noted(Mismatch(f"a call too many: {request.method} {request.url}"))
        exchange = self._ahead.pop(0)
        try:
            check_same(_wanted(exchange.request), self._got(request, exchange.request))
        except Mismatch as mismatch:
            raise self._noted(mismatch) from None
        reply = exchange.reply
        if reply.raises is not None:
            raise getattr(httpx, reply.raises)("as the golden case says")
        return httpx.Response(reply.status, headers=reply.headers, content=reply.content())

    def check_finished(self) -> None:
        """Raises Mismatch for anything that went wrong on the way, and for calls that were never made."""
        missing = [f"never called: {each.request.method} {each.request.url}" for each in self._ahead]
        if self._mismatches or missing:
            raise Mismatch("\n".join([*self._mismatches, *missing]))

    def _noted(self, mismatch: Mismatch) -> Mismatch:
        self._mismatches.append(str(mismatch))
        return mismatch

    def _got(self, request: httpx.Request, expected: ExpectedRequest) -> dict[str, Any]:
        """The request in the words of a golden file. Of its headers, those that the case names."""
        headers = {name: request.headers.get(name) for name in expected.headers}
        return _in_words(request.method, request.url, headers, self._body(request))

    def _body(self, request: httpx.Request) -> dict[str, Any]:
        if not request.content:
            return {}
        media_type = request.headers.get("content-type", "").partition(";")[0]
        if media_type == "application/json":
            return {"json": json.loads(self._images.hide_in(request.content.decode()))}
        if media_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
            return {"form": self._form(request)}
        return {"body": repr(request.content[:200])}

    def _form(self, request: httpx.Request) -> dict[str, Any]:
        """Fields and files by name; a list where a name comes several times."""
        environ = {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": request.headers["content-type"],
            "wsgi.input": io.BytesIO(request.content),
        }
        fields, files = parse_form_data(environ, strict=True)
        form: dict[str, list[Any]] = {}
        for name, value in fields.iterallitems():
            form.setdefault(name, []).append(self._images.hide_in(value))
        for name, part in files.iterallitems():
            form.setdefault(name, []).append(self._images.file_named(part.raw, part.content_type))
        return {name: values[0] if len(values) == 1 else values for name, values in form.items()}


def check_same(wanted: Any, got: Any) -> None:
    """Raises Mismatch unless both are the same JSON: 5 is not 5.0, and 1 is not true."""
    texts = [json.dumps(each, indent=2, sort_keys=True, ensure_ascii=False, default=repr) for each in (wanted, got)]
    if texts[0] != texts[1]:
        lines = difflib.unified_diff(texts[0].splitlines(), texts[1].splitlines(), "wanted", "got", lineterm="", n=100)
        raise Mismatch("\n".join(lines))


def _wanted(expected: ExpectedRequest) -> dict[str, Any]:
    body = {"json": expected.json_body} if expected.has_json else {}
    body |= {"form": expected.form} if expected.form is not None else {}
    return _in_words(expected.method, httpx.URL(expected.url), expected.headers, body)


def _in_words(method: str, url: httpx.URL, headers: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    query = parse_qs(url.query.decode(), keep_blank_values=True, strict_parsing=bool(url.query))
    return {"method": method, "url": str(url.copy_with(query=None)), "query": query, "headers": headers, **body}
