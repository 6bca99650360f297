import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from world import Net, Variant, World

from databases import open_database
from filmgate.media.files import open_file_store
from filmgate.simulators.clips import make_clip
from filmgate.store.database import Database


@pytest.fixture(scope="module")
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture
async def clip_bytes() -> bytes:
    return await make_clip(64, 48, 0.5, False)


@pytest.fixture(scope="module")
def net() -> Net:
    return Net()


@pytest.fixture
async def build(
    tmp_path: Path, migrated_sqlite: Path, executor: ThreadPoolExecutor, clip_bytes: bytes, net: Net
) -> AsyncIterator[Callable[..., Awaitable[World]]]:
    """Worlds, one after the other, each with a database and files of its own."""
    opened: list[Database] = []

    async def make(variant: Variant, name: str) -> World:
        while opened:
            await opened.pop().close()
        folder = tmp_path / name.replace("/", "-")
        folder.mkdir()
        opened.append(open_database(shutil.copy(migrated_sqlite, folder / "filmgate.db"), []))
        files = open_file_store(folder / "media")
        return World(variant, opened[0], files, folder / "work", executor, clip_bytes, net)

    yield make
    while opened:
        await opened.pop().close()
