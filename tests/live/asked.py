"""What the environment asks of a live run. Without FILMGATE_LIVE=1 that is nothing, and nothing is sent anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from filmgate.core.money import usd_to_micros

LIVE, BUDGET, UNPRICED, RECORD = (
    "FILMGATE_LIVE",
    "FILMGATE_LIVE_BUDGET_USD",
    "FILMGATE_LIVE_UNPRICED",
    "FILMGATE_LIVE_RECORD",
)
COMMAND = f"{LIVE}=1 {BUDGET}=1.00 uv run pytest -n 0 -rs tests/live"
NOT_ASKED = f"live tests use real accounts, and run only when asked: {COMMAND} (docs/live-tests.md)"
NO_ACCOUNT = (
    "live tests need an account: [[accounts]] in the file that FILMGATE_CONFIG names, or a conventional variable such "
    "as KLING_API_KEY (docs/live-tests.md)"
)


class AskedWrongly(ValueError):
    """A variable of a live run makes no sense; names it, its value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`budget_usd_micros` None: nothing that may cost is run. `record_dir` None: nothing is recorded."""

    budget_usd_micros: int | None = None
    unpriced: bool = False
    record_dir: Path | None = None


def asked(environ: Mapping[str, str]) -> Asked | None:
    """None: no live run is asked for. Raises AskedWrongly."""
    if not _is_on(environ, LIVE):
        return None
    folder = environ.get(RECORD, "")
    return Asked(_budget(environ.get(BUDGET, "")), _is_on(environ, UNPRICED), Path(folder) if folder else None)


def _is_on(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "")
    if value not in ("", "0", "1"):
        raise AskedWrongly(f"{name}: {value!r} is neither 1 nor 0")
    return value == "1"


def _budget(text: str) -> int | None:
    if not text:
        return None
    try:
        usd = Decimal(text)
    except InvalidOperation:
        usd = Decimal(-1)
    if not usd.is_finite() or usd < 0:
        raise AskedWrongly(f"{BUDGET}: {text!r} is no amount in US dollars, such as 1.00")
    return usd_to_micros(usd)
