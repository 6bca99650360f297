"""Write docs/faults.md: every adapter through every fault, in front of its simulator. `--deaths` counts kills, too.

Usage: uv run poe faults. The tests check that the page says what happens.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "faults")]

from fault_table import BEGIN, END, NONE, PAGE, table  # noqa: E402
from test_matrix import check_money_and_file, live, worth_dying_at  # noqa: E402
from variants import PRIMARY, VARIANTS, faults_of  # noqa: E402
from world import Net, Variant, World  # noqa: E402

from databases import open_database  # noqa: E402
from deaths import Kills  # noqa: E402
from filmgate.media.files import open_file_store  # noqa: E402
from filmgate.simulators.clips import make_clip  # noqa: E402
from filmgate.store.migrate import migrate_sqlite  # noqa: E402


async def main(with_deaths: bool) -> None:
    cells: dict[tuple[str, str], str] = {}
    deaths = 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as executor:
        folder, net, clip = Path(name), Net(), await make_clip(64, 48, 0.5, False)
        migrate_sqlite(folder / "migrated.db")
        for variant in VARIANTS:
            for fault in (NONE, *sorted(faults_of(variant))):
                places, cells[variant.name, fault] = await run(variant, fault, Kills(), folder, executor, clip, net)
                for place in worth_dying_at(places) if with_deaths else ():
                    await run(variant, fault, Kills(at=place), folder, executor, clip, net)
                    deaths += 1
            print(f"{variant.name}: done, {deaths} deaths so far", flush=True)  # noqa: T201
    faults = [NONE, *sorted({fault for _, fault in cells} - {NONE})]
    others = [variant.name for variant in VARIANTS if variant.name not in PRIMARY]
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    tables = f"{table(PRIMARY, faults, cells)}\n\n{table(others, faults, cells)}"
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{END}{after}", encoding="utf-8")


async def run(
    variant: Variant, fault: str, kills: Kills, folder: Path, executor: ThreadPoolExecutor, clip: bytes, net: Net
) -> tuple[list[str], str]:
    """The places that one life passed, and what came of it. Raises AssertionError where money or a file is lost."""
    place = Path(tempfile.mkdtemp(dir=folder))
    database = open_database(shutil.copy(folder / "migrated.db", place / "filmgate.db"), [])
    try:
        files = open_file_store(place / "media")
        world = World(variant, database, files, place / "work", executor, clip, net)
        video_id, where = await live(world, fault, kills)
        return kills.places, (await check_money_and_file(world, video_id, f"fault {fault}, {where}")).published()
    finally:
        await database.close()
        shutil.rmtree(place)


if __name__ == "__main__":
    asyncio.run(main("--deaths" in sys.argv))
