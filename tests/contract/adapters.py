"""Every adapter there is, with what its golden files know of it: requests, accounts, tasks, and real replies."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
from hostile import shape_of
from pydantic import SecretStr

from filmgate import providers
from filmgate.core.provider import ProviderTask
from filmgate.core.request import VideoRequest
from filmgate.providers.kind import Credentials
from golden.format import BadGoldenFile, Case, GivenReply, GoldenFile, golden_paths, read_golden_file
from golden.opening import fitted, kind_of, open_provider


def provider_modules() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(providers.__path__))


@lru_cache
def hosted_providers() -> tuple[str, ...]:
    """The modules that have a KIND. One that cannot be imported is left to the test that says so."""
    return tuple(name for name in provider_modules() if _has_kind(name))


def _has_kind(name: str) -> bool:
    try:
        return hasattr(import_module(f"{providers.__name__}.{name}"), "KIND")
    except (ImportError, SyntaxError):
        return False


@dataclass(frozen=True)
class Sample:
    """One golden case of a provider, to be played with other replies than its own."""

    provider: str
    file: GoldenFile = field(repr=False)
    case: Case = field(repr=False)
    name: str

    @property
    def replies(self) -> list[GivenReply]:
        return [exchange.reply for exchange in self.case.upstream]

    def open(self, work_dir: Path, transport: httpx.AsyncBaseTransport) -> Any:
        return open_provider(self.provider, self.file, self.case, work_dir=work_dir, transport=transport)

    def request(self) -> VideoRequest:
        asked = self.case.submit or self.case.find
        assert asked is not None
        return fitted(self.provider, asked, self.file.models)

    def task(self) -> ProviderTask:
        told = self.case.poll or self.case.cancel
        assert told is not None
        return ProviderTask(told.id, dict(told.data))

    def tasks(self) -> list[ProviderTask]:
        """Of `poll_many`."""
        return [ProviderTask(told.id, dict(told.data)) for told in self.case.poll_many or ()]

    def credentials(self) -> Credentials:
        account = self.case.account if self.case.account is not None else self.file.account
        return kind_of(self.provider).credentials.model_validate(account)

    def secrets(self) -> list[str]:
        """What the account keeps to itself. The adapters' rule: a secret has at least eight characters."""
        credentials = self.credentials()
        values = [getattr(credentials, name) for name in type(credentials).model_fields]
        secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        return [secret for secret in secrets if len(secret) >= 8]


@lru_cache
def samples(provider: str) -> tuple[Sample, ...]:
    found: list[Sample] = []
    for path in golden_paths(provider):
        try:
            file = read_golden_file(path)
        except BadGoldenFile:  # the golden tests say so
            continue
        found += [Sample(provider, file, case, f"{path.stem}: {case.name}") for case in file.cases]
    return tuple(found)


def samples_of(provider: str, *operations: str) -> list[Sample]:
    return [sample for sample in samples(provider) if sample.case.operation in operations]


def accepted_submits(provider: str) -> list[Sample]:
    """Submits that end in a task. The paid call is the last one; what comes before it prepares it."""
    return [sample for sample in samples_of(provider, "submit") if sample.case.then.task is not None]


def unlike(samples: Iterable[Sample]) -> list[Sample]:
    """One of those whose account and task are of one kind and whose calls are answered alike."""
    return list({_likeness(sample): sample for sample in samples}.values())


def _likeness(sample: Sample) -> Any:
    task = sample.case.poll or sample.case.cancel
    answers = tuple((reply.status, shape_of(reply.json_body)) for reply in sample.replies)
    return str(sample.case.account or sample.file.account), shape_of(task.data if task else None), answers


def real_bodies(provider: str, *operations: str) -> list[Any]:
    """The JSON that the vendor answers to these operations."""
    replies = [reply for sample in samples_of(provider, *operations) for reply in sample.replies]
    return [reply.json_body for reply in replies if "json_body" in reply.model_fields_set]
