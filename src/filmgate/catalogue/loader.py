"""Reads the catalogue: the files of this package, then what the owner of the server adds."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from filmgate.catalogue.checks import problems
from filmgate.catalogue.errors import CatalogueError
from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import NotFound

_NEAR_NAMES = 5
# What an amendment may say of a model that is in the catalogue already. Limits are facts, not settings.
_PRICE_KEYS = frozenset({"prices", "price", "price_source", "checked_on"})
_AMENDABLE_KEYS = _PRICE_KEYS | {"id", "aliases"}
_LAID_OVER_DEFAULTS = ("images", "wire")


class _File(BaseModel):
    """One provider's TOML. `defaults` holds keys that every model of the file has unless it says otherwise.

    A model's `images` and `wire` are laid over those of the defaults key by key; any other key replaces the default.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    provider: str | None = None
    defaults: dict[str, Any] = Field(default_factory=dict[str, Any])
    model: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])
    amend: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models by id. Names are matched without regard to case; an alias leads to its model."""

    _entries: Mapping[str, ModelEntry]  # by id
    _ids: Mapping[str, str]  # case-folded id or alias -> id

    def get(self, model_id: str) -> ModelEntry:
        """Raises NotFound (`model_not_found`) naming the models whose names come near."""
        found = self._ids.get(model_id.casefold())
        if found is None:
            near = difflib.get_close_matches(model_id.casefold(), self._ids, n=_NEAR_NAMES, cutoff=0.5)
            names = list(dict.fromkeys(self._ids[name] for name in near))
            advice = f"near names: {', '.join(names)}" if names else "GET /v1/models lists them all"
            message = f"model: {model_id!r} is not in the catalogue; {advice}"
            raise NotFound(message, code="model_not_found", param="model")
        return self._entries[found]

    def with_aliases(self, aliases: Mapping[str, str]) -> Catalogue:
        """The same models under further names, which lead where they say whatever else they meant.

        Raises CatalogueError.
        """
        targets: dict[str, str] = {}
        for alias, model_id in aliases.items():
            try:
                targets[alias.casefold()] = self.get(model_id).id
            except NotFound as error:
                raise CatalogueError(error.message, file="the settings", key=f"aliases.{alias}") from None
        return Catalogue(self._entries, {**self._ids, **targets})

    def entries(self) -> tuple[ModelEntry, ...]:
        """Every model once, as listed: the embedded model's file and the providers' by name, then the owner's."""
        return tuple(self._entries.values())


def load_catalogue(extra: Sequence[Mapping[str, Any]] = (), *, aliases: Mapping[str, str] | None = None) -> Catalogue:
    """The package's models and those of `extra`: parsed TOML of the same shape, from the owner's settings.

    An `[[amend]]` table in `extra` adds aliases to a model of the package, or replaces its price. `aliases` are names
    that lead to a model whatever else they mean, so that a name can outlive its model.
    Raises CatalogueError for the first thing that is wrong.
    """
    folder = resources.files("filmgate.catalogue") / "data"
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    tables: list[tuple[str, Mapping[str, Any]]] = [
        (path.name, tomllib.loads(path.read_text(encoding="utf-8"))) for path in paths
    ]
    tables += [(f"extra catalogue {number}", table) for number, table in enumerate(extra, start=1)]
    return build_catalogue(tables).with_aliases(aliases or {})


def build_catalogue(tables: Iterable[tuple[str, Mapping[str, Any]]]) -> Catalogue:
    """A catalogue of (file name, parsed TOML) pairs. Raises CatalogueError."""
    entries: dict[str, ModelEntry] = {}
    sources: dict[str, dict[str, Any]] = {}  # the merged table of each entry
    files: dict[str, str] = {}
    for file, table in tables:
        parsed = _parse_file(file, table)
        for model in parsed.model:
            source = {"provider": parsed.provider, **_over_defaults(model, parsed.defaults)}
            entry = _parse_entry(file, source)
            if entry.id in entries:
                raise CatalogueError(f"is in {files[entry.id]} already", file=file, model=entry.id, key="id")
            entries[entry.id], sources[entry.id], files[entry.id] = entry, source, file
        for amendment in parsed.amend:
            source = _amended(file, amendment, sources)
            entry = _parse_entry(file, source)
            entries[entry.id], sources[entry.id], files[entry.id] = entry, source, file
    _check_successors(entries, files)
    return Catalogue(entries, _index_names(entries, files))


def _parse_file(file: str, table: Mapping[str, Any]) -> _File:
    try:
        parsed = _File.model_validate(table)
    except ValidationError as error:
        key, message = _first_problem(error)
        raise CatalogueError(message, file=file, key=key) from None
    if parsed.model and not parsed.provider:
        raise CatalogueError("names the provider of the models of this file", file=file, key="provider")
    return parsed


def _over_defaults(model: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**defaults, **model}
    for key in _LAID_OVER_DEFAULTS:
        if isinstance(defaults.get(key), Mapping) and isinstance(model.get(key), Mapping):
            merged[key] = {**defaults[key], **model[key]}
    return merged


def _parse_entry(file: str, table: Mapping[str, Any]) -> ModelEntry:
    model_id = str(table.get("id", "without id"))
    try:
        entry = ModelEntry.model_validate(table)
    except ValidationError as error:
        key, message = _first_problem(error)
        raise CatalogueError(message, file=file, model=model_id, key=key) from None
    for key, message in problems(entry):
        raise CatalogueError(message, file=file, model=model_id, key=key)
    return entry


def _amended(file: str, amendment: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    model_id = str(amendment.get("id"))
    if model_id not in sources:
        raise CatalogueError("amends a model that is not in the catalogue", file=file, model=model_id, key="amend.id")
    if unknown := sorted(set(amendment) - _AMENDABLE_KEYS):
        allowed = ", ".join(sorted(_AMENDABLE_KEYS))
        raise CatalogueError(f"an amendment has only {allowed}", file=file, model=model_id, key=f"amend.{unknown[0]}")
    source = dict(sources[model_id])
    if amendment.keys() & _PRICE_KEYS:
        source = {key: value for key, value in source.items() if key not in _PRICE_KEYS}
    aliases = [*source.get("aliases", ()), *amendment.get("aliases", ())]
    return {**source, **amendment, "aliases": aliases}


def _first_problem(error: ValidationError) -> tuple[str, str]:
    problem = error.errors(include_url=False)[0]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]).removeprefix(".")
    if problem["type"] == "extra_forbidden":
        return key, "unknown key"
    if problem["type"] == "missing":
        return key, "is missing"
    return key, problem["msg"].removeprefix("Value error, ")


def _check_successors(entries: Mapping[str, ModelEntry], files: Mapping[str, str]) -> None:
    for entry in entries.values():
        if entry.successor is None:
            continue
        successor = entries.get(entry.successor)
        if successor is None:
            message = f"{entry.successor!r} is no id in the catalogue"
        elif successor.state == "retired":
            message = f"{entry.successor!r} is itself retired"
        else:
            continue
        raise CatalogueError(message, file=files[entry.id], model=entry.id, key="successor")


def _index_names(entries: Mapping[str, ModelEntry], files: Mapping[str, str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for entry in entries.values():
        for key, name in [("id", entry.id), *(("aliases", alias) for alias in entry.aliases)]:
            holder = ids.setdefault(name.casefold(), entry.id)
            if holder != entry.id or (key == "aliases" and name.casefold() == entry.id.casefold()):
                message = f"{name!r} already names {holder!r}"
                raise CatalogueError(message, file=files[entry.id], model=entry.id, key=key)
    return ids
