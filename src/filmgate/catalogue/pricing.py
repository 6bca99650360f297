"""What one clip costs by the catalogue's price rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from filmgate.catalogue.model import Case, ModelEntry, PriceRow
from filmgate.catalogue.sizes import Size
from filmgate.core.money import usd_to_micros


class PriceKind(StrEnum):
    LISTED = "listed"
    FREE = "free"
    UNKNOWN = "unknown"  # nobody knows: refused with a live key
    UNTRACKED = "untracked"  # the owner of this server has chosen not to count it


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of `outputs` clips. `usd_micros` is None where it is unknown or untracked, never a guess."""

    kind: PriceKind
    usd_micros: int | None
    unit: str
    source: str | None
    checked_on: date | None
    outputs: int = 1

    def for_outputs(self, outputs: int) -> Quote:
        """The price of `outputs` clips at this quote's price for one."""
        if self.usd_micros is None:
            return replace(self, outputs=outputs)
        return replace(self, usd_micros=self.usd_micros // self.outputs * outputs, outputs=outputs)


def quote(entry: ModelEntry, case: Case, duration_seconds: float, size: Size | None = None) -> Quote:
    """The price of one clip of `size` (None: the model decides).

    The loader has checked that exactly one row holds in every case the model allows.
    """
    kind = price_kind(entry)
    if kind is not PriceKind.LISTED:
        usd_micros = 0 if kind is PriceKind.FREE else None
        return Quote(kind, usd_micros, unit=kind.value, source=entry.price_source, checked_on=entry.checked_on)
    row = rows_for(entry, case, duration_seconds)[0]
    usd = (row.usd_per_second or Decimal()) * Decimal(str(duration_seconds)) + (row.usd_per_clip or Decimal())
    if row.usd_per_million_tokens is not None:
        usd += row.usd_per_million_tokens * video_tokens(entry, case, duration_seconds, size) / 1_000_000
    return Quote(kind, usd_to_micros(usd), unit_text(row), entry.price_source, entry.checked_on)


def video_tokens(entry: ModelEntry, case: Case, duration_seconds: float, size: Size | None) -> Decimal:
    """Width × height × frames / 1024, as ByteDance counts a clip.

    Its pages say frames = seconds × fps, its bills count one frame more: 108,900 tokens for 5 s of 1280x720 at 24 fps,
    87,300 for 4 s, 246,840 for 5 s of 1920x1088 (answers of the API published from 2025-06 to 2026-06, five models).
    Where the model decides the size, the largest of the resolution is taken, so that the bill is not above the quote.
    """
    sizes = (entry.sizes or {}).get(case.resolution or "", {})
    area_px = size.area_px if size else max((each.area_px for each in sizes.values()), default=0)
    frames = Decimal(str(duration_seconds)) * (entry.native_fps or 0) + 1
    return area_px * frames / 1024


def price_kind(entry: ModelEntry) -> PriceKind:
    return PriceKind.LISTED if entry.price is None else PriceKind(entry.price)


def rows_for(entry: ModelEntry, case: Case, duration_seconds: float) -> list[PriceRow]:
    return [
        row
        for row in entry.prices
        if row.holds_for(case) and (row.durations_seconds is None or row.durations_seconds.allows(duration_seconds))
    ]


def unit_text(row: PriceRow) -> str:
    """For example "0.084 USD per second" or "0.15 USD per clip"."""
    amounts = (
        (row.usd_per_second, "second"),
        (row.usd_per_clip, "clip"),
        (row.usd_per_million_tokens, "million video tokens"),
    )
    return " and ".join(f"{amount} USD per {unit}" for amount, unit in amounts if amount is not None)
