"""Live tests are collected always and run only when asked: see asked.py, and docs/live-tests.md."""

from __future__ import annotations

import os

import pytest

from filmgate.app import checked_accounts
from filmgate.config import load_settings
from filmgate.core.errors import FilmgateError
from live.asked import COMMAND, NO_ACCOUNT, NOT_ASKED, Asked, AskedWrongly, asked
from live.run import LiveRun
from live.spending import SpendingCap

_RUN = pytest.StashKey[LiveRun]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test once for each account; a single one, skipped with the reason, where there is none to run with."""
    if "account" in metafunc.fixturenames:
        metafunc.parametrize("account", _accounts(), ids=lambda account: account.name if account else "no account")


def _accounts() -> list[object]:
    try:
        if asked(os.environ) is None:
            return [pytest.param(None, marks=pytest.mark.skip(reason=NOT_ASKED))]
        accounts = checked_accounts(load_settings())
    except (AskedWrongly, FilmgateError) as error:
        pytest.fail(str(error), pytrace=False)
    return [*accounts] or [pytest.param(None, marks=pytest.mark.skip(reason=NO_ACCOUNT))]


@pytest.fixture(scope="session")
def live_run(request: pytest.FixtureRequest) -> LiveRun:
    """What is asked, the owner's settings, and the one spending cap of the run."""
    if os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1") != "1":
        pytest.fail(f"live tests count their money in one process and do not run in several: {COMMAND}", pytrace=False)
    # A long traceback shows the arguments of functions, and so the keys of accounts.
    request.config.option.tbstyle, request.config.option.showlocals = "short", False
    request.config.option.fulltrace = False
    wanted = asked(os.environ) or Asked()
    run = LiveRun(wanted, load_settings(), SpendingCap(wanted.budget_usd_micros, unpriced=wanted.unpriced))
    request.config.stash[_RUN] = run
    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What the run cost by its quotes, and where its recordings are."""
    run = config.stash.get(_RUN, None)
    if run is not None:
        terminalreporter.write_line(f"live tests: {run.summary()}")
