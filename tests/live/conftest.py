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
    if workers(request.config) > 1:
        pytest.fail(f"live tests count their money in one process and do not run in several: {COMMAND}", pytrace=False)
    wanted = asked(os.environ) or Asked()
    return LiveRun(wanted, load_settings(), SpendingCap(wanted.budget_usd_micros, unpriced=wanted.unpriced))


def workers(config: pytest.Config) -> int:
    """In how many processes pytest-xdist runs this."""
    worker_input: dict[str, int] = getattr(config, "workerinput", {})
    return worker_input.get("workercount", 1)
