"""The HTTP API, as the commands see it. Whatever goes wrong becomes a CommandFailed that says what to do."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any, cast

import httpx

from filmgate import __version__
from filmgate.cli.exits import CommandFailed, Exit, exit_for_http_status, usage_error
from filmgate.cli.options import DEFAULT_URL
from filmgate.cli.outside import Outside

JsonObject = dict[str, Any]

# Pauses between the tries of one call that may be repeated. The longer row outlasts the restart of a server.
QUICK_RETRIES = (0.3, 1.0, 2.0)
PATIENT_RETRIES = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)
# 5xx answers that another try cannot change.
_FINAL_CODES = frozenset({"no_account"})
_MOST_RETRY_AFTER_SECONDS = 30.0
_ANSWER_SECONDS = 30.0


class Api:
    """One server and one key. Close it, or use `connect`."""

    def __init__(self, url: str, api_key: str | None, outside: Outside) -> None:
        self.url = _checked_url(url)
        self._outside = outside
        headers = {"user-agent": f"filmgate-cli/{__version__}"}
        if api_key:
            headers["authorization"] = f"Bearer {_checked_key(api_key)}"
        self._client = httpx.Client(
            base_url=self.url,
            headers=headers,
            timeout=httpx.Timeout(_ANSWER_SECONDS, connect=10.0),
            transport=outside.transport,
            # A proxy of the surroundings cannot reach this machine's own addresses.
            trust_env=not _is_this_machine(self.url),
        )

    def close(self) -> None:
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        retries: Sequence[float] = (),
        hold_seconds: int = 0,
        **parts: Any,
    ) -> JsonObject:
        """One call that answers with a JSON object; `parts` are httpx's (params, json, data, files, headers).

        `retries` are the pauses before further tries after a broken connection or a 5xx: only for calls that are
        safe to repeat. `hold_seconds` lets the server wait that long for a video to finish. Raises CommandFailed.
        """
        if hold_seconds:
            parts["headers"] = {**parts.get("headers", {}), "prefer": f"wait={hold_seconds}"}
            parts["timeout"] = httpx.Timeout(_ANSWER_SECONDS + hold_seconds, connect=10.0)
        for pause_seconds in retries:
            try:
                response = self._send(method, path, parts)
            except httpx.TransportError:
                self._outside.sleep(pause_seconds)
                continue
            if not _is_passing(response):
                return _object_of(response)
            self._outside.sleep(max(pause_seconds, _retry_after_seconds(response)))
        try:
            return _object_of(self._send(method, path, parts))
        except httpx.TransportError as error:
            raise unreachable(error, self.url) from error

    @contextlib.contextmanager
    def stream(self, path: str, **parts: Any) -> Generator[httpx.Response]:
        """A GET whose body is read piece by piece. Raises CommandFailed for an error answer, httpx.TransportError."""
        with self._client.stream("GET", path, **parts) as response:
            if response.is_error:
                response.read()
                raise failure_of(response)
            yield response

    def _send(self, method: str, path: str, parts: Mapping[str, Any]) -> httpx.Response:
        return self._client.request(method, path, **parts)


@contextlib.contextmanager
def connect(url: str | None, api_key: str | None, outside: Outside) -> Generator[Api]:
    """The server that the caller named, else the one at the default address. Raises CommandFailed without a key."""
    if not api_key:
        raise CommandFailed(
            "no API key. Set FILMGATE_API_KEY or give --api-key; on the server's machine "
            "`filmgate keys create --test` makes one",
            Exit.NOT_ALLOWED,
            code="missing_api_key",
        )
    api = Api(url or DEFAULT_URL, api_key, outside)
    try:
        yield api
    finally:
        api.close()


def unreachable(error: httpx.TransportError, url: str) -> CommandFailed:
    """No answer came. The advice depends on how far the request got."""
    reason = re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__
    match error:
        case httpx.ConnectError() if _is_unknown_host(reason):
            host = httpx.URL(url).host
            message = f"cannot reach {url}: the host name {host!r} is not known. Check --url or FILMGATE_URL"
        case httpx.ConnectError() | httpx.ConnectTimeout():
            message = (
                f"cannot reach {url} ({reason}). Start a server there with `filmgate serve`, or say with --url or "
                "FILMGATE_URL where it runs"
            )
        case httpx.TimeoutException():
            message = f"{url} took the request but did not answer in time. See whether it is overloaded, and try again"
        case _:
            message = f"the connection to {url} broke ({reason}). Is it a Filmgate server? Try again"
    return CommandFailed(message, code="unreachable", type_="network_error")


def failure_of(response: httpx.Response) -> CommandFailed:
    """An error answer in the words of the server."""
    error = _envelope(response)
    if error is None:
        return _not_filmgate(response)
    return CommandFailed(
        str(error["message"]),
        exit_for_http_status(response.status_code),
        code=str(error.get("code") or "error"),
        type_=str(error.get("type") or "server_error"),
        param=error.get("param"),
    )


def _object_of(response: httpx.Response) -> JsonObject:
    if response.is_error:
        raise failure_of(response)
    content = _json_of(response)
    if not response.is_success or content is None:
        raise _not_filmgate(response)
    return content


def _envelope(response: httpx.Response) -> JsonObject | None:
    content = _json_of(response) or {}
    error = content.get("error")
    if not isinstance(error, dict) or "message" not in error:
        return None
    return cast("JsonObject", error)


def _json_of(response: httpx.Response) -> JsonObject | None:
    try:
        content = response.json()
    except ValueError:
        return None
    return cast("JsonObject", content) if isinstance(content, dict) else None


def _not_filmgate(response: httpx.Response) -> CommandFailed:
    begin = " ".join(response.text.split())[:60]
    asked = f"{response.request.method} {response.request.url.copy_with(query=None)}"
    return CommandFailed(
        f"{asked} answered {response.status_code} with something that is not Filmgate's JSON ({begin!r}). "
        "Check that --url or FILMGATE_URL is the address of a Filmgate server",
        exit_for_http_status(response.status_code) if response.is_error else Exit.ERROR,
        code="not_filmgate",
        type_="network_error",
    )


def _is_passing(response: httpx.Response) -> bool:
    """A trouble of the server's that may be over at the next try."""
    if response.status_code < 500:
        return False
    return (_envelope(response) or {}).get("code") not in _FINAL_CODES


def _retry_after_seconds(response: httpx.Response) -> float:
    text = response.headers.get("retry-after", "")
    return min(float(text), _MOST_RETRY_AFTER_SECONDS) if text.isdigit() else 0.0


def _is_unknown_host(reason: str) -> bool:
    told = reason.lower()
    return any(
        words in told
        for words in (
            "name or service not known",
            "getaddrinfo",
            "nodename nor servname",
            "temporary failure in name resolution",
            "no address associated",
        )
    )


def _checked_url(url: str) -> str:
    """The address without a trailing slash or `/v1`, which OpenAI clients write there."""
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL as error:
        raise usage_error(f"--url: {url!r} is no address ({error}); give one such as {DEFAULT_URL}", "url") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise usage_error(f"--url: {url!r} is no address; give one such as {DEFAULT_URL}", "url")
    return str(parsed).rstrip("/").removesuffix("/v1")


def _checked_key(api_key: str) -> str:
    key = api_key.strip()
    if not key.isascii() or not key.isprintable():
        raise CommandFailed(
            "the API key holds characters that no key has. Copy it again: sk-test-… or sk-live-…",
            Exit.NOT_ALLOWED,
            code="invalid_api_key",
        )
    return key


def _is_this_machine(url: str) -> bool:
    host = httpx.URL(url).host
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
