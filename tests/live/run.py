"""One check of one account: a server in front of it, the cheapest clip within the cap, and what is kept of it all."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from filmgate.catalogue.loader import Catalogue, load_catalogue
from filmgate.config import Settings
from filmgate.core.request import Images, Mode
from filmgate.engine.account_settings import AccountSettings, open_account
from live.asked import Asked
from live.cheapest import Choice, cheapest
from live.checks import NotAsExpected, Seen
from live.golden_recording import golden_recording, mismatches
from live.pictures import first_frame
from live.recording import Heard, Recorder
from live.results import Results
from live.server import LiveServer, live_server
from live.spending import SpendingCap, cap_submits


@dataclass(frozen=True, slots=True)
class Session:
    """`cap` None: nothing that is asked here can cost. `results` None: nothing is kept."""

    server: LiveServer
    cap: SpendingCap | None
    results: Results | None

    def cheapest(self, mode: Mode) -> Choice:
        """The cheapest clip; from now on every submit is booked at its price.

        Skips the test where the account makes none, or where the cap forbids it: then the reason has the sum.
        """
        images = Images() if mode is Mode.TEXT_TO_VIDEO else first_frame()
        catalogue, today = self.server.services.catalogue, datetime.now(UTC).date()
        choice = cheapest(catalogue, self.server.account, mode, images, today)
        if choice is None:
            pytest.skip(f"account {self.server.account.name!r} makes nothing in mode {mode}")
        if self.cap is not None:
            if reason := self.cap.why_not(choice.price):
                pytest.skip(f"{choice}: {reason}")
            cap_submits(self.server.account.adapter, self.cap, choice.price)
        return choice

    def keep(self, seen: Seen) -> None:
        if self.results is not None:
            self.results.keep_seen(seen)


@dataclass(frozen=True, slots=True)
class LiveRun:
    """What is asked, the owner's settings, and the one spending cap. `recorder` makes who listens to an account."""

    asked: Asked
    settings: Settings = field(repr=False)  # keys of accounts are in it
    cap: SpendingCap
    recorder: Callable[[], Recorder] = Recorder

    @property
    def catalogue(self) -> Catalogue:
        return load_catalogue(self.settings.catalogue_tables(), aliases=self.settings.aliases)

    def summary(self) -> str:
        """For the end of a run."""
        kept = f"; recordings are in {self.asked.record_dir}" if self.asked.record_dir else ""
        return f"{self.cap}{kept}"

    @asynccontextmanager
    async def session(self, account: AccountSettings, check: str, *, can_cost: bool = True) -> AsyncGenerator[Session]:
        """Ends with the recording written, whatever came of the check, where anything is to be recorded.

        `can_cost` False: nothing is counted, and models of unknown price are asked for, too.
        """
        folder = self.asked.record_dir
        results = Results(folder, account.provider, account.name, check) if folder else None
        recorder = self.recorder() if results else None
        opening = recorder.open if recorder else open_account
        unheld: Path | None = None
        unpriced = self.asked.unpriced or not can_cost
        async with live_server(self.settings, account, unpriced=unpriced, opening=opening) as server:
            try:
                yield Session(server, self.cap if can_cost else None, results)
            except NotAsExpected as error:
                if results is not None:
                    results.keep_seen(error.seen)
                raise
            finally:
                if results and recorder and recorder.heard and recorder.heard.calls:
                    unheld = await _keep(results, recorder.heard, server.services.catalogue)
        if unheld is not None:
            raise AssertionError(f"the recording has cases that the golden runner does not take: see {unheld}")


async def _keep(results: Results, heard: Heard, catalogue: Catalogue) -> Path | None:
    """Where the cases are told that do not hold; None where all do."""
    file = golden_recording(heard, catalogue)
    results.keep_golden(file)
    with tempfile.TemporaryDirectory() as folder:
        unheld = await mismatches(heard.provider, file, Path(folder))
    return results.keep_mismatches(unheld) if unheld else None
