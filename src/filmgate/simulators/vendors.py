"""The one list of simulators: how each is built, which credentials it takes, and where its API begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from starlette.types import ASGIApp

from filmgate.simulators import gemini, hailuo, kling, openai, seedance, veo, wan
from filmgate.simulators.faults import Fault
from filmgate.simulators.kit import Simulation
from filmgate.simulators.openai_dialects import DIALECTS

_KEY = "sk-simulated-0000000000000000"


@dataclass(frozen=True, slots=True)
class Vendor:
    """One simulator of the server. `keys` are the credentials it takes; they are public and open nothing else.

    `provider` and `account` are what an account's settings say beside its name and its base URL, which is the
    simulator's own address and `api_path`.
    """

    name: str
    place: str  # the path under which it lies
    build: Callable[[Simulation], ASGIApp]
    faults: frozenset[Fault]
    keys: Mapping[str, str]
    provider: str
    account: Mapping[str, str]
    api_path: str = ""


def _hosted(
    name: str, build: Callable[[Simulation], ASGIApp], faults: frozenset[Fault], *, api_path: str = "", **more: str
) -> Vendor:
    keys = {"api_key": _KEY, **more}
    return Vendor(name, f"/{name}", build, faults, keys, name, keys, api_path)


def _speaking(dialect: str) -> Vendor:
    """A server that speaks OpenAI's `/videos`. Those that people run by themselves have no key."""
    build = partial(openai.openai_simulator, dialect=dialect)
    keys = {"api_key": _KEY} if DIALECTS[dialect].needs_key else {}
    account = {**keys, "dialect": dialect}
    return Vendor(dialect, f"/openai/{dialect}", build, openai.faults_of(dialect), keys, "openai", account)


_VEO_ACCOUNT = {"project": "simulated", "location": "us-central1", "access_token": "ya29.simulated-0000000000000000"}
_VEO_KEYS = {name: _VEO_ACCOUNT[name] for name in ("project", "access_token")}
_SIGNED = {"webhook_secret": "whsec_c2ltdWxhdGVkLXNpbXVsYXRlZC1zaW11bGF0ZWQ="}
_ALL = (
    _hosted("kling", kling.kling_simulator, kling.FAULTS, **_SIGNED),
    _hosted("hailuo", hailuo.hailuo_simulator, hailuo.FAULTS),
    _hosted("wan", wan.wan_simulator, wan.FAULTS),
    _hosted("seedance", seedance.seedance_simulator, seedance.FAULTS, api_path="/api/v3"),
    _hosted("gemini", gemini.gemini_simulator, gemini.FAULTS),
    Vendor("veo", "/veo", veo.veo_simulator, veo.FAULTS, _VEO_KEYS, "veo", _VEO_ACCOUNT),
    *map(_speaking, DIALECTS),
)
VENDORS: Mapping[str, Vendor] = MappingProxyType({vendor.name: vendor for vendor in _ALL})
