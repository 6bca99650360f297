"""Access tokens: what is asked of Google, when, and what is said when Google says no. No test reaches the network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from filmgate.core.errors import ErrorClass, UpstreamBusy
from filmgate.providers.google_token import GoogleToken

pytestmark = pytest.mark.anyio

TOKEN_URI = "https://oauth2.example/token"
AUDIENCE = "https://oauth2.googleapis.com/token"  # whatever the file names
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
METADATA = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Clock:
    time: float = 1_790_000_000.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("a token never waits")


@dataclass
class Google(httpx.AsyncBaseTransport):
    """Gives tokens of an hour, numbered, unless `answer` says otherwise."""

    answer: Answer | None = None
    requests: list[httpx.Request] = field(default_factory=list)
    gate: asyncio.Event | None = None  # where it is given, nothing is answered before it is set
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        number = len(self.requests)
        self.asked.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.answer is not None:
            return self.answer(request)
        return httpx.Response(200, json={"access_token": f"token-{number}", "expires_in": 3600})


@pytest.fixture(autouse=True)
def _no_credentials_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_CONFIG", "GCE_METADATA_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def key_file(private_key: rsa.RSAPrivateKey, tmp_path: Path) -> Path:
    """A service account's key, as the console downloads it."""
    pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return write(
        tmp_path / "secret-place.json",
        {
            "type": "service_account",
            "project_id": "p1",
            "private_key_id": "key-1",
            "private_key": pem,
            "client_email": "filmgate@p1.iam.gserviceaccount.com",
            "token_uri": TOKEN_URI,
        },
    )


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@asynccontextmanager
async def opened(google: Google, clock: Clock | None = None, **account: Any) -> AsyncIterator[GoogleToken]:
    token = GoogleToken(clock=clock or Clock(), transport=google, **account)
    try:
        yield token
    finally:
        await token.close()


async def refusal(token: GoogleToken) -> UpstreamBusy:
    with pytest.raises(UpstreamBusy) as caught:
        await token.headers()
    return caught.value


async def test_a_service_account_signs_an_assertion(private_key: rsa.RSAPrivateKey, key_file: Path) -> None:
    google = Google()
    async with opened(google, credentials_file=key_file) as token:
        assert await token.headers() == {"authorization": "Bearer token-1"}
    [request] = google.requests
    assert (request.method, str(request.url)) == ("POST", TOKEN_URI)
    form = parse_qs(request.content.decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    [assertion] = form["assertion"]
    claims = jwt.decode(assertion, private_key.public_key(), algorithms=["RS256"], audience=AUDIENCE)
    assert claims["iss"] == "filmgate@p1.iam.gserviceaccount.com"
    assert claims["scope"] == SCOPE
    assert claims["exp"] - claims["iat"] == 3600
    assert jwt.get_unverified_header(assertion)["kid"] == "key-1"


async def test_a_token_is_kept_until_shortly_before_it_expires(key_file: Path) -> None:
    google, clock = Google(), Clock()
    async with opened(google, clock, credentials_file=key_file) as token:
        await token.headers()
        clock.time += 3600 - 240
        assert await token.headers() == {"authorization": "Bearer token-1"}
        clock.time += 30
        assert await token.headers() == {"authorization": "Bearer token-2"}
    assert len(google.requests) == 2


async def test_one_refresh_serves_all_who_wait(key_file: Path) -> None:
    google = Google()
    async with opened(google, credentials_file=key_file) as token:
        everyone = await asyncio.gather(*(token.headers() for _ in range(20)))
    assert everyone == [{"authorization": "Bearer token-1"}] * 20
    assert len(google.requests) == 1


async def test_who_stops_waiting_stops_nobody_else(key_file: Path) -> None:
    gate = asyncio.Event()
    google = Google(gate=gate)
    async with opened(google, credentials_file=key_file) as token:
        first, second = asyncio.create_task(token.headers()), asyncio.create_task(token.headers())
        await google.asked.wait()
        first.cancel()
        await asyncio.wait([first])
        gate.set()
        assert await second == {"authorization": "Bearer token-1"}
    assert len(google.requests) == 1


async def test_closing_does_not_wait_for_an_answer(key_file: Path) -> None:
    gate = asyncio.Event()
    google = Google(gate=gate)
    async with opened(google, credentials_file=key_file) as token:
        waiting = asyncio.create_task(token.headers())
        await google.asked.wait()
    await asyncio.wait([waiting], timeout=1)
    assert waiting.cancelled()
    gate.set()


async def test_a_token_that_was_refused_is_replaced(key_file: Path) -> None:
    google = Google()
    async with opened(google, credentials_file=key_file) as token:
        await token.headers()
        token.forget()
        assert await token.headers() == {"authorization": "Bearer token-2"}


async def test_the_caller_may_add_to_the_headers(key_file: Path) -> None:
    async with opened(Google(), credentials_file=key_file) as token:
        (await token.headers())["x-mine"] = "1"
        assert await token.headers() == {"authorization": "Bearer token-1"}


async def test_a_fixed_token_asks_nobody() -> None:
    google = Google()
    async with opened(google, access_token="ya29.x") as token:
        token.forget()
        assert await token.headers() == {"authorization": "Bearer ya29.x"}
    assert google.requests == []


async def test_a_refused_assertion_is_the_owners_business(key_file: Path) -> None:
    wrong = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    google = Google(lambda _: httpx.Response(400, json=wrong))
    async with opened(google, credentials_file=key_file) as token:
        error = await refusal(token)
        assert error.error_class is ErrorClass.OPERATOR
        assert "invalid_grant: Invalid JWT Signature." in error.message
        assert "secret-place" not in error.message
        google.answer = None
        assert await token.headers() == {"authorization": "Bearer token-2"}


async def test_a_mended_file_is_read_again(key_file: Path) -> None:
    good = key_file.read_text(encoding="utf-8")
    key_file.write_text("{}", encoding="utf-8")
    async with opened(Google(), credentials_file=key_file) as token:
        assert (await refusal(token)).error_class is ErrorClass.OPERATOR
        key_file.write_text(good, encoding="utf-8")
        assert await token.headers() == {"authorization": "Bearer token-1"}


@pytest.mark.parametrize("status", [429, 500, 503, 504])
async def test_a_busy_token_endpoint_passes_and_is_asked_once(key_file: Path, status: int) -> None:
    google = Google(lambda _: httpx.Response(status, text="busy"))
    async with opened(google, credentials_file=key_file) as token:
        error = await refusal(token)
    assert error.error_class is ErrorClass.TRANSIENT
    assert f"oauth2.example answered HTTP {status}" in error.message
    assert len(google.requests) == 1


@pytest.mark.parametrize("failure", [httpx.ConnectError(""), httpx.ReadTimeout(""), httpx.RemoteProtocolError("")])
async def test_an_unreachable_token_endpoint_passes(key_file: Path, failure: httpx.TransportError) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise failure

    async with opened(Google(broken), credentials_file=key_file) as token:
        error = await refusal(token)
    assert error.error_class is ErrorClass.TRANSIENT
    assert type(failure).__name__ in error.message


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("no JSON", "makes no sense"),
        ("[]", "of type None"),
        ({"type": "magic"}, "of type 'magic'; supported are service_account"),
        ({"type": "service_account"}, "missing fields"),
        ({"type": "external_account"}, "valid credential source"),
        ({"type": "impersonated_service_account"}, "makes no sense (AttributeError)"),
        ({"type": "service_account", "client_email": "a", "token_uri": "b", "private_key": "c"}, "no access token"),
    ],
)
async def test_a_file_that_makes_no_sense(tmp_path: Path, content: Any, told: str) -> None:
    async with opened(Google(), credentials_file=write(tmp_path / "secret-place.json", content)) as token:
        error = await refusal(token)
    assert error.error_class is ErrorClass.OPERATOR
    assert told in error.message
    assert "secret-place" not in error.message


async def test_a_file_that_is_gone(tmp_path: Path) -> None:
    async with opened(Google(), credentials_file=tmp_path / "secret-place.json") as token:
        error = await refusal(token)
    assert error.error_class is ErrorClass.OPERATOR
    assert error.message.endswith("the credentials file cannot be read (No such file or directory)")


@pytest.mark.parametrize("answer", ["null", "[]", "<html></html>", '{"expires_in": 3600}', '"x"'])
async def test_an_answer_without_a_token(key_file: Path, answer: str) -> None:
    async with opened(Google(lambda _: httpx.Response(200, text=answer)), credentials_file=key_file) as token:
        assert (await refusal(token)).error_class is ErrorClass.OPERATOR


# ── application default credentials ─────────────────────────────────────────────────────────────────────────────────

USER = {
    "type": "authorized_user",
    "client_id": "id",
    "client_secret": "secret",
    "refresh_token": "refresh",
    "quota_project_id": "pays",
}


async def test_the_file_that_the_environment_names(
    key_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(write(tmp_path / "g/application_default_credentials.json", USER).parent))
    google = Google()
    async with opened(google) as token:
        await token.headers()
    assert str(google.requests[0].url) == TOKEN_URI


@pytest.mark.parametrize("place", ["home/.config/gcloud", "elsewhere"])
async def test_what_gcloud_has_stored(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / place / "application_default_credentials.json", USER)
    if place == "elsewhere":
        monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / place))
    google = Google()
    async with opened(google) as token:
        assert await token.headers() == {"authorization": "Bearer token-1", "x-goog-user-project": "pays"}
    form = parse_qs(google.requests[0].content.decode())
    assert (form["grant_type"], form["refresh_token"]) == (["refresh_token"], ["refresh"])


async def test_the_metadata_server() -> None:
    google, clock = Google(), Clock()
    async with opened(google, clock) as token:
        assert await token.headers() == {"authorization": "Bearer token-1"}
        clock.time += 3600
        assert await token.headers() == {"authorization": "Bearer token-2"}
    request = google.requests[0]
    assert (request.method, str(request.url.copy_with(query=None))) == ("GET", METADATA)
    assert request.url.params["scopes"] == SCOPE
    assert request.headers["metadata-flavor"] == "Google"


async def test_a_metadata_server_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCE_METADATA_HOST", "127.0.0.1:8080")
    google = Google()
    async with opened(google) as token:
        await token.headers()
    assert str(google.requests[0].url).startswith("http://127.0.0.1:8080/computeMetadata/")


async def test_no_credentials_anywhere() -> None:
    def nobody(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no such host")

    async with opened(Google(nobody)) as token:
        error = await refusal(token)
    assert error.error_class is ErrorClass.OPERATOR
    assert "set credentials_file on the account" in error.message


async def test_a_metadata_server_that_answered_before_is_only_busy() -> None:
    def nobody(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("")

    google = Google()
    async with opened(google) as token:
        await token.headers()
        token.forget()
        google.answer = nobody
        assert (await refusal(token)).error_class is ErrorClass.TRANSIENT


@pytest.mark.parametrize(("status", "body"), [(404, "no service account"), (200, "{}"), (200, "[]")])
async def test_a_machine_without_a_service_account(status: int, body: str) -> None:
    async with opened(Google(lambda _: httpx.Response(status, text=body))) as token:
        error = await refusal(token)
    assert error.error_class is ErrorClass.OPERATOR
    assert f"HTTP {status} without a token" in error.message


# ── other kinds of files ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_federated_identity_exchanges_its_own_token(tmp_path: Path) -> None:
    write(tmp_path / "oidc.txt", "their-own-token")
    federation = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/k8s",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "credential_source": {"file": str(tmp_path / "oidc.txt")},
    }
    google = Google(lambda _: httpx.Response(200, json={"access_token": "federated", "expires_in": "3600"}))
    async with opened(google, credentials_file=write(tmp_path / "f.json", federation)) as token:
        assert await token.headers() == {"authorization": "Bearer federated"}
    [request] = google.requests
    assert str(request.url) == "https://sts.googleapis.com/v1/token"
    assert parse_qs(request.content.decode())["subject_token"] == ["their-own-token"]


async def test_an_impersonated_service_account(tmp_path: Path) -> None:
    url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/veo@p1.iam.gserviceaccount.com:generateAccessToken"
    impersonation = {
        "type": "impersonated_service_account",
        "service_account_impersonation_url": url,
        "source_credentials": USER,
    }

    def answer(request: httpx.Request) -> httpx.Response:
        if str(request.url) == url:
            assert request.headers["authorization"] == "Bearer user"
            return httpx.Response(200, json={"accessToken": "impersonated", "expireTime": "2100-01-01T00:00:00Z"})
        return httpx.Response(200, json={"access_token": "user", "expires_in": 3600})

    async with opened(Google(answer), credentials_file=write(tmp_path / "f.json", impersonation)) as token:
        assert await token.headers() == {"authorization": "Bearer impersonated"}
