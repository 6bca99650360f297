"""Money is an integer of micro-dollars (1 USD = 1,000,000), so that sums are exact."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MICROS_PER_USD = 1_000_000


def usd_to_micros(usd: str | Decimal) -> int:
    """Exact for up to six decimals; raises decimal.InvalidOperation for text that is no number."""
    return int((Decimal(usd) * MICROS_PER_USD).to_integral_value(rounding=ROUND_HALF_UP))


def micros_to_usd(micros: int) -> float:
    """For the wire, where JSON has only floats. Never calculate with the result."""
    return float(Decimal(micros) / MICROS_PER_USD)
