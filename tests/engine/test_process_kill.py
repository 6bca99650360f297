"""A real process, a real SIGKILL: what the simulated kills claim holds for the files and the database on disk."""

import asyncio
import os
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

import crashing_process
import pytest
from harness import HELD, LINK, SPENT, Harness, three_files

from databases import open_database
from filmgate.core.provider import Succeeded
from filmgate.core.video import Status
from filmgate.providers.fake import FakeTask
from filmgate.store.migrate import migrate_sqlite

pytestmark = pytest.mark.anyio


async def killed_at(folder: Path, video_id: str, place: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        crashing_process.__file__,
        str(folder),
        video_id,
        place,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    assert line == b"here\n"
    process.kill()
    await process.communicate()


@pytest.mark.parametrize("place", ["submit", "deliver"])
async def test_killed_for_real(tmp_path: Path, make_harness: Callable[..., Harness], clip: bytes, place: str) -> None:
    folder = tmp_path / "process"
    migrate_sqlite(folder / "filmgate.db")
    (folder / "clip.mp4").write_bytes(clip)
    before = open_database(folder / "filmgate.db", [])
    engine = make_harness(before, "process")
    video_id = await engine.create()
    await before.close()

    await killed_at(folder, video_id, place)

    after = open_database(folder / "filmgate.db", [])
    engine.database = after
    if place == "deliver":
        assert engine.left_in_work() != []
        # The upstream outlives our process.
        engine.paid.tasks["fake-1"] = FakeTask("", None, deque([Succeeded(url=LINK)]))  # pyright: ignore
    engine.restart()
    await engine.drive(video_id)
    detail = await engine.detail(video_id)
    if place == "submit":
        assert (detail.video.status, detail.video.error_code) == (Status.FAILED, "outcome_unknown")
        assert await engine.money(video_id) == HELD
        assert engine.paid.submissions == 0
        assert await engine.stored() == []
    else:
        assert detail.video.status is Status.COMPLETED
        assert await engine.money(video_id) == SPENT
        assert await engine.stored() == three_files(video_id)
        assert await engine.files.get_bytes(f"videos/{video_id}/0/video.mp4") == clip
    assert len(detail.attempts) == 1
    assert engine.left_in_work() == []
    await after.close()
