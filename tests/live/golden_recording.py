"""From what was heard of an account to a golden file.

The cases are those of the run under the conditions of the golden tests: other keys, another client_ref, other images.
`mismatches` plays them at once, so that a file that does not hold is known before it is committed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from filmgate import __version__
from filmgate.catalogue.loader import Catalogue, load_catalogue
from filmgate.core.errors import NotFound
from filmgate.core.provider import ProviderTask
from filmgate.providers.seedance import expiry_mark
from golden.format import GoldenFile
from golden.opening import CLIENT_REF
from golden.plays import Play, mismatch_of
from live.entry_tables import entry_table
from live.golden_words import asked, json_of, likeness, sent_body, summary, then
from live.recording import Call, Exchange, Heard
from live.scrubbing import SCRUBBED, Scrubber, check_clean, links_in, shortened
from live.server import secrets_of

# What httpx adds by itself, and what follows from the owner's own login.
_LEFT_OUT_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "x-goog-user-project",
    }
)
# Only that they are there means something: see providers/openai_dialects.py.
_TELLING_REPLY_HEADERS = re.compile(r"x-litellm-.*|x-new-api-version|x-oneapi-request-id")
# Names of the owner's. Shorter ones would be found inside of other words.
_OWNERS_NAMES = {"project": "test-project", "workspace_id": "test-workspace"}
_SHORTEST_TEXT = 6
# Marks that follow from client_ref and do not contain it.
_MARKS: Mapping[str, Callable[[str], int]] = {"seedance": expiry_mark}
_POLLS = frozenset({"poll", "poll_many"})


def golden_recording(heard: Heard, catalogue: Catalogue) -> dict[str, Any]:
    """The golden file of a run; `catalogue` is that of the server that ran.

    Raises SecretLeft: then the file is not to be written.
    """
    scrubber = _scrubber(heard)
    file = {
        "origin": "recorded",
        "source": f"an account of {heard.provider}, recorded on {_day(heard)} by tests/live of filmgate {__version__}",
        "account": scrubber.value(_account(heard)),
        "models": _models(heard, catalogue),
        "cases": _cases(heard, catalogue, scrubber),
    }
    file = {name: value for name, value in file.items() if value != []}
    check_clean(json.dumps(file, ensure_ascii=False), [*secrets_of(heard.credentials), *_tokens(heard)])
    return file


async def mismatches(provider: str, file: Mapping[str, Any], work_dir: Path) -> list[str]:
    """What the golden runner says of each case that does not hold."""
    golden = GoldenFile.model_validate_json(json.dumps(file))
    told = [(case.name, await mismatch_of(Play(provider, golden, case), work_dir)) for case in golden.cases]
    return [f"{name}:\n{mismatch}" for name, mismatch in told if mismatch]


def _cases(heard: Heard, catalogue: Catalogue, scrubber: Scrubber) -> list[dict[str, Any]]:
    """Every call, but not the n-th poll that says the same."""
    hosts, marks = _own_hosts(heard), _marks(heard)
    told: list[dict[str, Any]] = []
    seen: set[str] = set()
    for call in heard.calls:
        entry = catalogue.get(call.request.model) if call.request else None
        # Whatever is asked of other hosts is about tokens, and nobody's business.
        own = [exchange for exchange in call.exchanges if exchange.request.url.netloc in hosts]
        case: dict[str, Any] = {
            "now": _now(call),
            call.operation: scrubber.value(asked(call, entry)),
            "upstream": [_exchange(exchange, call, scrubber, marks) for exchange in own],
            "then": scrubber.value(_without_login(then(call.outcome))),
        }
        if (dialect := _dialect_known_by(call, heard)) is not None:
            case["account"] = scrubber.value(_account(heard) | {"dialect": dialect})
        if call.operation in _POLLS and likeness(case) in seen:
            continue
        seen.add(likeness(case))
        told.append({"name": f"{len(told) + 1:02} {call.operation}: {summary(case['then'])}", **case})
    return told


def _exchange(exchange: Exchange, call: Call, scrubber: Scrubber, marks: Mapping[int, int]) -> dict[str, Any]:
    sent, answer = exchange.request, exchange.answer
    request = {
        "method": sent.method,
        "url": scrubber.requested(str(sent.url)),
        "headers": dict(_sent_headers(sent.headers, scrubber)),
        **_with_marks(scrubber.value(sent_body(sent, call.images)), marks),
    }
    if isinstance(answer, httpx.TransportError):
        return {"request": request, "reply": {"raises": type(answer).__name__}}
    reply: dict[str, Any] = {"status": answer.status_code}
    if headers := dict(_reply_headers(answer.headers)):
        reply["headers"] = headers
    try:
        reply["json"] = _with_marks(shortened(scrubber.value(json_of(answer))), marks)
    except ValueError:
        reply["text"] = shortened(scrubber.text(answer.content.decode("utf-8", "replace")))
    return {"request": request, "reply": reply}


def _sent_headers(headers: httpx.Headers, scrubber: Scrubber) -> Iterator[tuple[str, str]]:
    """Those that the adapter chose, but for a token that it made for this very call."""
    for name, value in headers.items():
        told = scrubber.text(value)
        if name not in _LEFT_OUT_HEADERS and not (name == "authorization" and told.endswith(SCRUBBED)):
            yield name, told


def _reply_headers(headers: httpx.Headers) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        if name == "retry-after":
            yield name, value
        elif _TELLING_REPLY_HEADERS.fullmatch(name):
            yield name, SCRUBBED


def _without_login(told: dict[str, Any]) -> dict[str, Any]:
    headers = told.get("download_headers")
    if headers is None:
        return told
    return {"download_headers": {name: value for name, value in headers.items() if name not in _LEFT_OUT_HEADERS}}


def _now(call: Call) -> float:
    """The time that the adapter noted, where it noted one: it may have looked at the clock after its call."""
    if isinstance(call.outcome, ProviderTask):
        return float(call.outcome.data.get("submitted_at", call.at))
    return call.at


def _dialect_known_by(call: Call, heard: Heard) -> str | None:
    """An account of openai may leave its server's dialect to be asked for, which its first submit or find does.

    Every case opens the account anew, so the later ones have to be told. None: nothing has to be.
    """
    asks = any(exchange.request.url.path.endswith("/models") for exchange in call.exchanges)
    if getattr(heard.credentials, "dialect", None) != "auto" or call.request is None or asks:
        return None
    tasks = [each.outcome for each in heard.calls if isinstance(each.outcome, ProviderTask)]
    return next((task.data["dialect"] for task in tasks if "dialect" in task.data), None)


def _models(heard: Heard, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Those that are not shipped, or not under the upstream name that was sent."""
    shipped = load_catalogue()
    tables: dict[str, dict[str, Any]] = {}
    for request in [call.request for call in heard.calls if call.request]:
        table = entry_table(catalogue.get(request.model), upstream_model=request.upstream_model)
        with suppress(NotFound):
            entry = shipped.get(request.model)
            if entry_table(entry, upstream_model=entry.upstream_model) == table:
                continue
        tables[request.model] = table
    return list(tables.values())


# ── what is put in the place of what ────────────────────────────────────────────────────────────────────────────────


def _account(heard: Heard) -> dict[str, Any]:
    """The account's own keys. A credentials file of Google's becomes a token, which needs no file."""
    own = {name: value for name, value in heard.own_keys.items() if name != "credentials_file"}
    own |= {name: _placeholder(name) for name in own if _secret(heard, name) is not None}
    takes_token = "access_token" in type(heard.credentials).model_fields
    return own | ({"access_token": _placeholder("access_token")} if takes_token else {})


def _scrubber(heard: Heard) -> Scrubber:
    replies: list[Any] = []
    for exchange in [exchange for call in heard.calls for exchange in call.exchanges]:
        with suppress(ValueError):
            replies.append(json_of(exchange.answer))
    takes_token = "access_token" in type(heard.credentials).model_fields
    made = _placeholder("access_token") if takes_token else SCRUBBED
    texts = dict.fromkeys(_tokens(heard), made) | dict.fromkeys(_client_refs(heard), CLIENT_REF)
    for name in type(heard.credentials).model_fields:
        value = getattr(heard.credentials, name)
        if (secret := _secret(heard, name)) and len(secret) >= _SHORTEST_TEXT:
            texts[secret] = _placeholder(name)
        elif name in _OWNERS_NAMES and isinstance(value, str) and len(value) >= _SHORTEST_TEXT:
            texts[value] = _OWNERS_NAMES[name]
    return Scrubber(texts, [link for reply in replies for link in links_in(reply)])


def _placeholder(name: str) -> str:
    """What stands for the secret `name`: as long as an HS256 key has to be, and in the form of a webhook's secret."""
    text = f"test-{name.replace('_', '-')}-".ljust(40, "0")
    return "whsec_dGVzdC13ZWJob29rLXNlY3JldC0wMDAwMDAwMDAwMDA=" if name == "webhook_secret" else text


def _secret(heard: Heard, name: str) -> str | None:
    value = getattr(heard.credentials, name, None)
    return value.get_secret_value() if isinstance(value, SecretStr) else None


def _tokens(heard: Heard) -> set[str]:
    """What authorised calls and is no key of the account: made for a call, or fetched for an hour."""
    headers = [exchange.request.headers for call in heard.calls for exchange in call.exchanges]
    headers += [httpx.Headers(call.outcome) for call in heard.calls if call.operation == "download_headers"]
    tokens = {each.get("authorization", "").rpartition(" ")[2] for each in headers}
    keys = {_secret(heard, name) for name in type(heard.credentials).model_fields}
    return {token for token in tokens - keys if len(token) >= _SHORTEST_TEXT}


def _client_refs(heard: Heard) -> list[str]:
    return list(dict.fromkeys(str(call.named["client_ref"]) for call in heard.calls if "client_ref" in call.named))


def _marks(heard: Heard) -> dict[int, int]:
    mark = _MARKS.get(heard.provider)
    return {mark(ref): mark(CLIENT_REF) for ref in _client_refs(heard)} if mark else {}


def _with_marks(value: Any, marks: Mapping[int, int]) -> Any:
    if isinstance(value, dict):
        return {name: _with_marks(item, marks) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_marks(item, marks) for item in value]
    return marks.get(value, value) if type(value) is int else value


def _own_hosts(heard: Heard) -> set[bytes]:
    """Of the vendor's API, and of a store beside it that the account names."""
    fields = [name for name in type(heard.credentials).model_fields if name.endswith("base_url")]
    urls = [heard.base_url, *(getattr(heard.credentials, name) for name in fields)]
    return {httpx.URL(url).netloc for url in urls if url}


def _day(heard: Heard) -> str:
    return datetime.fromtimestamp(min(call.at for call in heard.calls), UTC).date().isoformat()
