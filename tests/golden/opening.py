"""From a golden case to what the adapter is given: the fitted request, the account, the opened provider."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import httpx

from filmgate.catalogue.errors import CatalogueError
from filmgate.catalogue.fit import fit
from filmgate.catalogue.loader import Catalogue, build_catalogue, load_catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.core.request import VideoParams, VideoRequest
from filmgate.providers.kind import ProviderKind, Tools
from golden.exchange import StillClock, StoredImages
from golden.format import Asked, Case, GivenImages, GoldenFile

CLIENT_REF = "att_golden"
SEED = 7


@lru_cache
def shipped_models(provider: str) -> Catalogue:
    """All models; those of the provider alone while another's file is broken, which the catalogue's tests show."""
    try:
        return load_catalogue()
    except CatalogueError:
        file = resources.files("filmgate.catalogue") / "data" / f"{provider}.toml"
        return build_catalogue([(file.name, tomllib.loads(file.read_text(encoding="utf-8")))])


def model_entry(provider: str, model: str, added: Sequence[Mapping[str, Any]]) -> ModelEntry:
    """A shipped model, or one of those that the golden file adds as the owner of a server would."""
    if any(table.get("id") == model for table in added):
        return build_catalogue([("the golden file", {"provider": provider, "model": list(added)})]).get(model)
    return shipped_models(provider).get(model)


def fitted(provider: str, asked: Asked, added: Sequence[Mapping[str, Any]] = ()) -> VideoRequest:
    params = VideoParams(**asked.params)
    images = StoredImages(asked.images).images()
    return fit(params, images, model_entry(provider, params.model, added), draw_seed=lambda: SEED).request


def stored_images(case: Case) -> StoredImages:
    asked = case.submit or case.find
    return StoredImages(asked.images if asked else GivenImages())


def time_of(file: GoldenFile, case: Case) -> float:
    return case.now if case.now is not None else file.now


def kind_of(provider: str) -> ProviderKind:
    return import_module(f"filmgate.providers.{provider}").KIND


def open_provider(
    provider: str, file: GoldenFile, case: Case, *, work_dir: Path, transport: httpx.AsyncBaseTransport
) -> Any:
    """The adapter with the case's account, images and clock. Any of the optional protocols may be called on it."""
    kind = kind_of(provider)
    account = kind.credentials.model_validate(case.account if case.account is not None else file.account)
    clock = StillClock(time_of(file, case))
    return kind.open(account, Tools(stored_images(case).read_input, work_dir, clock, transport))
