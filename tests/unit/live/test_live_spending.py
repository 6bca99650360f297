"""The cap: nothing is sent whose quote does not fit into what is left, whatever happened before."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filmgate.catalogue.pricing import PriceKind, Quote
from filmgate.core.errors import OutcomeUnknown, UpstreamError, UpstreamRefused, UpstreamUnreachable
from filmgate.core.provider import ProviderTask
from filmgate.core.request import Mode, VideoRequest
from live.spending import SpendingCap, cap_submits

pytestmark = pytest.mark.anyio

REQUEST = VideoRequest("m", "m", Mode.TEXT_TO_VIDEO, "waves", 5.0)
OUTCOMES: list[Any] = [
    ProviderTask("t1"),
    UpstreamRefused("no"),
    UpstreamUnreachable("nobody there"),
    OutcomeUnknown("no answer"),
]


def listed(usd_micros: int) -> Quote:
    return Quote(PriceKind.LISTED, usd_micros, "USD", None, None)


FREE = Quote(PriceKind.FREE, 0, "free", None, None)
UNKNOWN = Quote(PriceKind.UNKNOWN, None, "unknown", None, None)
UNTRACKED = Quote(PriceKind.UNTRACKED, None, "untracked", None, None)


@dataclass
class Adapter:
    """Answers with each of `outcomes` in turn."""

    outcomes: list[Any]
    sent: list[str] = field(default_factory=list)

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        self.sent.append(client_ref)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, UpstreamError):
            raise outcome
        return outcome


@pytest.mark.parametrize(
    ("cap", "price", "reason"),
    [
        (SpendingCap(None), FREE, None),
        (SpendingCap(0), FREE, None),
        (SpendingCap(500_000), listed(500_000), None),
        (SpendingCap(1, unpriced=True), UNKNOWN, None),
        (SpendingCap(1, unpriced=True), UNTRACKED, None),
        (SpendingCap(None), listed(1), "FILMGATE_LIVE_BUDGET_USD is not set, .* quoted at 0.0000 USD"),
        (SpendingCap(None, unpriced=True), UNTRACKED, "FILMGATE_LIVE_BUDGET_USD is not set, .* of no known price"),
        (SpendingCap(9_000_000), UNKNOWN, "of no known price; FILMGATE_LIVE_UNPRICED=1"),
        (SpendingCap(9_000_000), UNTRACKED, "of no known price; FILMGATE_LIVE_UNPRICED=1"),
        (SpendingCap(499_999), listed(500_000), r"quoted at 0\.5000 USD, .*: 0\.0000 USD of 0\.5000 USD are booked"),
    ],
)
def test_what_may_be_made(cap: SpendingCap, price: Quote, reason: str | None) -> None:
    told = cap.why_not(price)
    if reason is None:
        assert told is None
        return
    with pytest.raises(UpstreamRefused, match=f"not sent: .*{reason}"):
        cap.book(price)
    assert cap.booked_usd_micros == 0


def test_quotes_are_added_up() -> None:
    cap = SpendingCap(1_000_000)
    cap.book(listed(600_000))
    cap.book(FREE)
    assert cap.why_not(listed(400_000)) is None
    assert cap.why_not(listed(400_001)) == (
        "the clip is quoted at 0.4000 USD, which is more than is left: 0.6000 USD of 1.0000 USD are booked"
    )


@pytest.mark.parametrize(("outcome", "booked"), list(zip(OUTCOMES, (300, 0, 0, 300), strict=True)))
async def test_only_what_was_certainly_not_accepted_is_given_back(outcome: Any, booked: int) -> None:
    cap, adapter = SpendingCap(1000), Adapter([outcome])
    cap_submits(adapter, cap, listed(300))
    assert await outcome_of(adapter.submit(REQUEST, client_ref="att_1", callback_url=None)) is outcome
    assert (cap.booked_usd_micros, adapter.sent) == (booked, ["att_1"])


@given(
    limit=st.integers(0, 2000),
    prices=st.lists(st.tuples(st.integers(0, 900), st.sampled_from(OUTCOMES)), max_size=12),
)
def test_no_order_of_events_gets_beyond_the_cap(limit: int, prices: list[tuple[int, Any]]) -> None:
    async def submit_all() -> None:
        cap, at_risk = SpendingCap(limit), 0
        for price, outcome in prices:
            adapter = Adapter([outcome])
            cap_submits(adapter, cap, listed(price))
            came = await outcome_of(adapter.submit(REQUEST, client_ref="att_1"))
            fits = at_risk + price <= limit
            assert (came is outcome, bool(adapter.sent)) == (fits, fits)
            at_risk += price if fits and isinstance(outcome, ProviderTask | OutcomeUnknown) else 0
            assert cap.booked_usd_micros == at_risk <= limit

    anyio.run(submit_all)


async def outcome_of(submit: Awaitable[ProviderTask]) -> ProviderTask | UpstreamError:
    try:
        return await submit
    except UpstreamError as error:
        return error
