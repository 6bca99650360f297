"""What a live key may not ask although a rehearsal may: models that are gone, and models without a price."""

from __future__ import annotations

from datetime import date

from filmgate.catalogue.model import ModelEntry
from filmgate.catalogue.pricing import PriceKind, price_kind
from filmgate.core.errors import InvalidRequest


def refuse_retired(entry: ModelEntry, today: date) -> None:
    """Raises InvalidRequest (`model_retired`) naming the day and the successor, from the day of retirement on."""
    if entry.state == "current" and (entry.retires_on is None or today < entry.retires_on):
        return
    since = f" on {entry.retires_on.isoformat()}" if entry.retires_on else ""
    instead = f"; use {entry.successor}" if entry.successor else ""
    message = f"model: {entry.id} was retired by its provider{since}{instead}"
    raise InvalidRequest(message, code="model_retired", param="model")


def refuse_unpriced(entry: ModelEntry) -> None:
    """Raises InvalidRequest (`model_unpriced`) where nobody knows what a clip costs, so no budget could hold."""
    if price_kind(entry) is PriceKind.UNKNOWN:
        message = f'model: the price of {entry.id} is unknown; the owner of this server can set one, or "untracked"'
        raise InvalidRequest(message, code="model_unpriced", param="model")
