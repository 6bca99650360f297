"""What every adapter says in the same way, where a vendor's own codes do not say more."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from filmgate.core.errors import Charged, UpstreamError
from filmgate.core.provider import ProviderTask
from filmgate.net.upstream import Reply
from filmgate.providers.verdicts import query_error, readable, seconds_since_submit, submit_error, without_file

SIGNED = "cannot fetch https://img.example/a.png?token=hush&x=1, says the fetcher"
SHOWN = "cannot fetch https://img.example/a.png?… says the fetcher"


class StillClock:
    def now(self) -> float:
        return 1_790_000_100.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nothing here waits; it wanted to sleep for {seconds} s")


@pytest.mark.parametrize("error_of", [submit_error, query_error])
def test_no_error_repeats_what_a_link_is_signed_with(error_of: Callable[..., UpstreamError]) -> None:
    assert error_of(Reply(400, {}, b""), SIGNED).message == SHOWN
    assert error_of(Reply(400, {}, SIGNED.encode())).message == f"HTTP 400: {SHOWN}"
    assert error_of(Reply(502, {}, b"")).message == "HTTP 502: no body"


def test_what_is_readable_stays_as_it_is() -> None:
    assert readable(readable(SIGNED)) == readable(SIGNED) == SHOWN


def test_a_book_of_links_is_cut_before_it_is_searched() -> None:
    started = time.perf_counter()
    assert len(readable("https://" * 1_000_000)) == 2000
    assert time.perf_counter() - started < 1.0


def test_the_age_of_a_task_is_known_where_it_has_kept_its_submit() -> None:
    assert seconds_since_submit(ProviderTask("1", {"submitted_at": 1_790_000_000}), StillClock()) == 100.0
    assert seconds_since_submit(ProviderTask("1", {"submitted_at": None}), StillClock()) is None
    assert seconds_since_submit(ProviderTask("1"), StillClock()) is None


def test_a_success_without_a_file_is_doubted_and_says_nothing_of_money() -> None:
    failed = without_file("Acme", "done")
    assert (failed.message, failed.upstream_code) == ("Acme reports success without a file", "done")
    assert (failed.doubtful, failed.retryable, failed.charged) == (True, False, Charged.UNKNOWN)
