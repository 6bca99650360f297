from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
from harness import Harness, Web

from filmgate.media.files import open_file_store
from filmgate.store.database import Database, Job


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Half a second of 64x48 at 24 frames a second."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(12):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 20 * number, np.uint8))
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path.read_bytes()


@pytest.fixture(scope="session")
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture(scope="session")
def web() -> Web:
    """Shared, since a TLS context is slow to make; each harness puts its own answers on it."""
    return Web()


@pytest.fixture
def make_harness(
    tmp_path: Path, executor: ThreadPoolExecutor, clip: bytes, queued_jobs: list[Job], web: Web
) -> Callable[..., Harness]:
    def make(database: Database, name: str = "engine") -> Harness:
        work_dir = tmp_path / name / "work"
        work_dir.mkdir(parents=True)
        files = open_file_store(tmp_path / name / "media")
        return Harness(database, files, work_dir, executor, clip, queued_jobs, web)

    return make


@pytest.fixture
async def engine(database: Database, make_harness: Callable[..., Harness]) -> Harness:
    """The engine on each database in turn; a module that needs only one overrides `database_place`."""
    return make_harness(database)
