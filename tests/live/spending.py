"""The spending cap of a live run: every paid call is booked at its quote before it is made."""

from __future__ import annotations

from typing import Any

from filmgate.catalogue.pricing import PriceKind, Quote
from filmgate.core.errors import ErrorClass, UpstreamRefused, UpstreamUnreachable
from filmgate.core.money import MICROS_PER_USD
from filmgate.core.provider import ProviderTask
from filmgate.core.request import VideoRequest
from live.asked import BUDGET, UNPRICED


class SpendingCap:
    """What one run may spend, counted in this process. A clip without a price counts as nothing once it is allowed."""

    def __init__(self, limit_usd_micros: int | None, *, unpriced: bool = False) -> None:
        self._limit = limit_usd_micros
        self._unpriced = unpriced
        self._booked = 0

    @property
    def booked_usd_micros(self) -> int:
        return self._booked

    def __str__(self) -> str:
        limit = "no budget" if self._limit is None else _usd(self._limit)
        return f"{_usd(self._booked)} of {limit} are booked"

    def why_not(self, price: Quote) -> str | None:
        """The sentence for a clip that may not be made; None where it may."""
        if price.kind is PriceKind.FREE:
            return None
        if self._limit is None:
            return f"{BUDGET} is not set, so nothing is made that may cost; this clip is {_told(price)}"
        if price.usd_micros is None:
            return None if self._unpriced else f"the clip is {_told(price)}; {UNPRICED}=1 lets it be made all the same"
        left = self._limit - self._booked
        if price.usd_micros > left:
            return f"the clip is {_told(price)}, which is more than is left: {self}"
        return None

    def book(self, price: Quote) -> None:
        """Raises UpstreamRefused, which a provider may raise too, where the clip may not be made."""
        if reason := self.why_not(price):
            raise UpstreamRefused(f"not sent: {reason}", error_class=ErrorClass.CALLER)
        self._booked += price.usd_micros or 0

    def give_back(self, price: Quote) -> None:
        self._booked -= price.usd_micros or 0


def cap_submits(adapter: Any, cap: SpendingCap, price: Quote) -> None:
    """From now on every submit of `adapter` is booked first: whatever the engine repeats, it repeats within the cap.

    Only what was certainly not accepted is given back. A clip that fails later stays booked: that it was free is what
    its test is about to find out.
    """
    submit = adapter.submit

    async def capped(request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        cap.book(price)
        try:
            return await submit(request, client_ref=client_ref, callback_url=callback_url)
        except (UpstreamRefused, UpstreamUnreachable):
            cap.give_back(price)
            raise

    adapter.submit = capped


def _told(price: Quote) -> str:
    if price.usd_micros is None:
        return "of no known price"
    return f"quoted at {_usd(price.usd_micros)}"


def _usd(micros: int) -> str:
    return f"{micros / MICROS_PER_USD:.4f} USD"
