"""What has to go out of a recording before anyone else may read it: keys, names of the owner's, signatures of links."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

import httpx

SCRUBBED = "scrubbed"
# A signature, a key id or a token is longer than this, and a switch such as alt=media is not.
_LONGEST_HARMLESS = 7
# Inline clips fill megabytes. A multiple of four: what is left of base64 is base64.
MOST_TEXT_CHARACTERS = 4096
_URL = re.compile(r"https?://[^\s\"'<>\\]+")


class SecretLeft(AssertionError):
    """A text still holds a secret. It must not be written."""


class Scrubber:
    """`replacements` are texts and what stands in their place. `told` are links that the vendor gave out."""

    def __init__(self, replacements: Mapping[str, str], told: Iterable[str] = ()) -> None:
        spellings: dict[str, str] = {}
        for text, instead in replacements.items():
            spellings |= {text: instead, quote(text, safe=""): quote(instead, safe="")}
        self._spellings = dict(sorted(spellings.items(), key=lambda item: len(item[0]), reverse=True))
        self._told = {_place(url) for url in told}

    def text(self, text: str) -> str:
        """Texts replaced, and every link without what is in its query."""
        return _URL.sub(lambda found: scrub_query(found[0]), self._replaced(text))

    def requested(self, url: str) -> str:
        """The URL of a request: its query is the adapter's own, unless the vendor gave out this very link."""
        return self._replaced(scrub_query(url) if _place(url) in self._told else url)

    def value(self, value: Any) -> Any:
        """JSON with all its texts scrubbed."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {self._replaced(name): self.value(item) for name, item in value.items()}
        return value

    def _replaced(self, text: str) -> str:
        for spelling, instead in self._spellings.items():
            text = text.replace(spelling, instead)
        return text


def links_in(value: Any) -> list[str]:
    """Every link in the texts of a JSON value."""
    if isinstance(value, str):
        return _URL.findall(value)
    if isinstance(value, dict):
        return [link for item in value.values() for link in links_in(item)]
    return [link for item in value for link in links_in(item)] if isinstance(value, list) else []


def shortened(value: Any) -> Any:
    """JSON without texts that are too long for anyone to read."""
    if isinstance(value, str):
        return value[:MOST_TEXT_CHARACTERS]
    if isinstance(value, dict):
        return {name: shortened(item) for name, item in value.items()}
    return [shortened(item) for item in value] if isinstance(value, list) else value


def scrub_query(url: str) -> str:
    """Names stay, values go: `?X-Amz-Signature=scrubbed&alt=media`."""
    place, _, rest = url.partition("?")
    query, _, _ = rest.partition("#")
    pairs = [pair.partition("=") for pair in query.split("&")]
    kept = [f"{name}{equals}{SCRUBBED if len(value) > _LONGEST_HARMLESS else value}" for name, equals, value in pairs]
    return f"{place}?{'&'.join(kept)}" if query else place


def check_clean(text: str, secrets: Iterable[str]) -> None:
    """Raises SecretLeft where a secret stands in `text` in a spelling that one may come across."""
    for secret in secrets:
        spellings = {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode().rstrip("=")}
        if any(spelling in text for spelling in spellings):
            raise SecretLeft("a secret of the account is left in the recording; nothing was written")


def _place(url: str) -> str:
    """A link without its query, as httpx writes it, so that one that was given out is known again when it is used."""
    try:
        return str(httpx.URL(url).copy_with(query=None, fragment=None))
    except (httpx.InvalidURL, ValueError):
        return url.partition("?")[0]
