"""Run by test_process_kill: a worker over SQLite that stops in the middle of something and waits to be killed.

Usage: python crashing_process.py FOLDER VIDEO_ID PLACE
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from harness import Harness

from databases import open_database
from filmgate.media.files import open_file_store


def stop_here(*_: object, **__: object) -> Any:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    sys.stdin.read()


async def main(folder: Path, video_id: str, place: str) -> None:
    database = open_database(folder / "filmgate.db", [])
    clip = (folder / "clip.mp4").read_bytes()
    files = open_file_store(folder / "media")
    engine = Harness(database, files, folder / "work", ThreadPoolExecutor(2), clip, [])
    if place == "submit":
        engine.paid.on_submit = stop_here
        await engine.drive(video_id)
    await engine.drive_until("delivering", video_id)
    put_file, stored = files.put_file, []

    async def put_half(key: str, path: Path) -> None:
        await put_file(key, path)
        stored.append(key)
        if len(stored) == 2:
            stop_here()

    files.put_file = put_half  # pyright: ignore
    await engine.drive(video_id)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
