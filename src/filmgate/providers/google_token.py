"""Access tokens for Google Cloud, by the google-auth library.

The library finds and refreshes credentials in blocking calls, so it works in a thread; its HTTP requests come back to
the event loop and go through httpx like all others. Its own transports need `requests`, which is not installed.

Source: google-auth 2.62; cloud.google.com/docs/authentication/application-default-credentials.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from concurrent.futures import CancelledError
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import httpx
from google.auth import (
    aws,
    environment_vars,
    exceptions,
    identity_pool,
    impersonated_credentials,
    pluggable,
    transport,
)
from google.auth import credentials as google_credentials
from google.oauth2 import credentials as user_credentials
from google.oauth2 import service_account

from filmgate.core.clock import Clock
from filmgate.core.errors import ErrorClass, UpstreamBusy
from filmgate.core.lenient import at, number_at, text_at

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_RENEW_BEFORE_SECONDS = 225  # the library's own margin
_UNKNOWN_LIFE_SECONDS = 300
_CALL_SECONDS = 20.0
_METADATA_SECONDS = 3.0
_METADATA_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
_NO_CREDENTIALS = (
    "no Google credentials were found: set credentials_file on the account, or GOOGLE_APPLICATION_CREDENTIALS, or run "
    "`gcloud auth application-default login` as the server's user, or run the server on Google Cloud with a service "
    "account attached"
)


class GoogleToken:
    """The token of one account, kept until shortly before it expires. Safe to use from many tasks at once.

    With neither `access_token` nor `credentials_file` these are Application Default Credentials: the file named by
    GOOGLE_APPLICATION_CREDENTIALS, then what gcloud has stored, then the metadata server of the machine.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        access_token: str | None = None,
        credentials_file: Path | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._clock = clock
        self._fixed = {"authorization": f"Bearer {access_token}"} if access_token else None
        self._file = credentials_file
        self._client = httpx.AsyncClient(transport=transport, timeout=_CALL_SECONDS)
        self._credentials: google_credentials.Credentials | None = None
        self._headers: dict[str, str] = {}
        self._renew_at = 0.0  # Unix seconds
        self._renewal: asyncio.Task[None] | None = None

    async def headers(self) -> dict[str, str]:
        """What authorises a call: the token, and the project that pays for it where the credentials name one.

        Raises UpstreamBusy: its class is OPERATOR where the credentials are missing or not taken, TRANSIENT otherwise.
        """
        if self._fixed is not None:
            return dict(self._fixed)
        if self._clock.now() >= self._renew_at:
            if self._renewal is None or self._renewal.done():
                self._renewal = asyncio.create_task(self._renew())
            # One refresh serves all who wait, and goes on when one of them is cancelled.
            await asyncio.shield(self._renewal)
        return dict(self._headers)

    def forget(self) -> None:
        """Get a new token for the next call: the present one was refused before its time."""
        self._renew_at = 0.0

    async def close(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
        await self._client.aclose()

    async def _renew(self) -> None:
        request = _LoopRequest(asyncio.get_running_loop(), self._client)
        try:
            credentials = await asyncio.to_thread(_refreshed, self._credentials, self._file, request)
        except exceptions.TransportError as error:
            raise UpstreamBusy(f"no access token from Google: {error}") from error
        except Exception as error:  # beside its own errors the library lets those of its parsers through
            self._credentials = None  # a file that has been mended meanwhile is read again
            message = f"no access token from Google: {_words(error)}"
            raise UpstreamBusy(message, error_class=ErrorClass.OPERATOR) from error
        self._credentials = credentials
        self._headers = {}
        credentials.apply(self._headers)
        self._renew_at = self._clock.now() + _life_seconds(credentials) - _RENEW_BEFORE_SECONDS


class _LoopRequest(transport.Request):
    """Lets the library, in its thread, ask through a client that lives on the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, client: httpx.AsyncClient) -> None:
        self._loop = loop
        self._client = client

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **options: Any,
    ) -> _LoopResponse:
        """Raises TransportError. `options` are those of `requests`; the only one in use is a client certificate."""
        host = httpx.URL(url).host
        if options.get("cert") is not None:
            raise exceptions.TransportError(f"{host}: credentials with a client certificate are not supported")
        seconds = min(timeout or _CALL_SECONDS, _CALL_SECONDS)
        call = self._client.request(method, url, content=body, headers=headers, timeout=seconds)
        answer = asyncio.run_coroutine_threadsafe(call, self._loop)
        try:
            response = answer.result(seconds * 3)  # httpx counts connecting, sending and reading apart
        except (httpx.HTTPError, CancelledError, TimeoutError, RuntimeError) as error:
            answer.cancel()
            raise exceptions.TransportError(f"{host} did not answer ({type(error).__name__})") from error
        if response.status_code in transport.DEFAULT_RETRYABLE_STATUS_CODES:
            # The library would sleep and ask again. The engine does that too, without keeping a thread.
            raise exceptions.TransportError(f"{host} answered HTTP {response.status_code}")
        return _LoopResponse(response)


class _LoopResponse(transport.Response):
    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        return self._response.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._response.headers

    @property
    def data(self) -> bytes:
        return self._response.content


class _MetadataServer(google_credentials.Credentials):
    """The service account of the Google Cloud machine that this runs on. The library's own class needs `requests`."""

    def refresh(self, request: _LoopRequest) -> None:
        host = os.environ.get(environment_vars.GCE_METADATA_HOST) or "metadata.google.internal"
        url = f"http://{host}{_METADATA_PATH}?scopes={_SCOPE}"
        try:
            response = request(url, headers={"metadata-flavor": "Google"}, timeout=_METADATA_SECONDS)
        except exceptions.TransportError:
            if self.token is None:  # nobody has ever answered: this is no machine of Google's
                raise exceptions.DefaultCredentialsError(_NO_CREDENTIALS) from None
            raise
        answer = json.loads(response.data) if response.status == 200 else None
        self.token = text_at(answer, "access_token")
        if self.token is None:
            raise exceptions.RefreshError(f"the metadata server answered HTTP {response.status} without a token")
        self.expiry = _utc_now() + timedelta(seconds=number_at(answer, "expires_in") or _UNKNOWN_LIFE_SECONDS)


def _refreshed(
    credentials: google_credentials.Credentials | None, file: Path | None, request: _LoopRequest
) -> google_credentials.Credentials:
    """Blocks. Raises whatever the library does."""
    if credentials is None:
        path = file or _default_file()
        credentials = _MetadataServer() if path is None else _loaded(path)
    cast("Any", credentials).refresh(request)
    return credentials


def _loaded(path: Path) -> google_credentials.Credentials:
    """By kind of file, as Google advises: the library's loader for all kinds is deprecated and calls other services."""
    info: Any = json.loads(path.read_text(encoding="utf-8"))
    kind = text_at(info, "type")
    if kind == "service_account":
        return service_account.Credentials.from_service_account_info(info, scopes=[_SCOPE])
    if kind == "authorized_user":  # what gcloud stores; its scopes were fixed when the user logged in
        return user_credentials.Credentials.from_authorized_user_info(info)
    if kind == "impersonated_service_account":
        return impersonated_credentials.Credentials.from_impersonated_service_account_info(info, scopes=[_SCOPE])
    if kind == "external_account":
        return _federation(info).Credentials.from_info(info, scopes=[_SCOPE])
    raise exceptions.DefaultCredentialsError(
        f"the credentials file is of type {kind!r}; supported are service_account, authorized_user, "
        "impersonated_service_account and external_account"
    )


def _federation(info: Any) -> Any:
    """The module for a file of workload identity federation."""
    if text_at(info, "subject_token_type") == "urn:ietf:params:aws:token-type:aws4_request":
        return aws
    return pluggable if at(info, "credential_source", "executable") else identity_pool


def _default_file() -> Path | None:
    if named := os.environ.get(environment_vars.CREDENTIALS):
        return Path(named)
    if folder := os.environ.get(environment_vars.CLOUD_SDK_CONFIG_DIR):
        stored = Path(folder)
    elif os.name == "nt":
        stored = Path(os.environ.get("APPDATA", "")) / "gcloud"
    else:
        stored = Path.home() / ".config" / "gcloud"
    path = stored / "application_default_credentials.json"
    return path if path.is_file() else None


def _words(error: Exception) -> str:
    """What went wrong, without a path: clients may read it."""
    if isinstance(error, exceptions.GoogleAuthError) and error.args:
        return str(error.args[0])
    if isinstance(error, OSError):
        return f"the credentials file cannot be read ({error.strerror})"
    return f"the credentials file makes no sense ({type(error).__name__})"


def _life_seconds(credentials: google_credentials.Credentials) -> float:
    expiry = cast("datetime | None", credentials.expiry)
    return _UNKNOWN_LIFE_SECONDS if expiry is None else (expiry - _utc_now()).total_seconds()


def _utc_now() -> datetime:
    """Without a zone, as the library keeps its times."""
    return datetime.now(UTC).replace(tzinfo=None)
