"""Every adapter x every fault x death at every place: nothing is paid twice, and nothing paid for is lost."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from expectations import EXPECTED, Cell
from variants import FAULTS_OF, VARIANTS
from world import SECRET_MARK, Net, Variant, World

from databases import open_database
from deaths import Killed, Kills
from filmgate.media.files import open_file_store
from filmgate.simulators.faults import Fault
from filmgate.store.database import Database

pytestmark = pytest.mark.anyio

# What no fault is: the row that shows that the simulator and the adapter agree at all.
NONE = "none"
ALWAYS = frozenset({Fault.UNAUTHORISED})
# Faults of a paid call after which nobody knows, until it is found, whether a task exists.
UNKNOWN_AFTER = frozenset(
    {
        Fault.RESET_BEFORE,
        Fault.LOST_REPLY,
        Fault.RESET_DURING,
        Fault.SUBMIT_500,
        Fault.SUBMIT_503,
        Fault.SUBMIT_504,
        Fault.SUBMIT_HTML,
        Fault.SUBMIT_WITHOUT_ID,
    }
)


@pytest.fixture(scope="module")
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture(scope="session")
def clip_bytes() -> bytes:
    from filmgate.simulators.clips import _encode

    return _encode(64, 48, 0.5, False)


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


def faults_of(variant: Variant) -> list[str]:
    return [NONE, *sorted(FAULTS_OF[variant.provider])]


async def live(world: World, fault: str, kills: Kills) -> tuple[str, str]:
    """One video through one fault and at most one death. Returns its id, and where it died."""
    if fault != NONE:
        world.simulation.faults.add(Fault(fault), times=None if Fault(fault) in ALWAYS else 1)
    video_id = await world.create()
    world.make_mortal(kills)
    where = "alive"
    try:
        await world.drive(video_id)
    except Killed as place:
        where = f"killed {place}"
    if where != "alive":
        world.restart()
        await world.drive(video_id)
    return video_id, where


async def check_money_and_file(world: World, video_id: str, where: str) -> Cell:
    """What must hold whatever happened."""
    outcome, money = await world.outcome(video_id), await world.money(video_id)
    created, billed = world.created(), world.billed()
    detail = await world.detail(video_id)
    free_attempts = sum(attempt.charged == "no" and attempt.accepted_at is not None for attempt in detail.attempts)
    told = f"{world.variant.name}, {where}: {outcome}, {created} created, {billed} billed, money {money}"

    assert billed <= 1, told
    assert created - free_attempts <= 1, told
    if outcome == "completed":
        assert (billed, money) == (1, "spent"), told
        names = [f"videos/{video_id}/0/{name}" for name in ("spritesheet.jpg", "thumbnail.webp", "video.mp4")]
        assert await world.stored() == names, told
        content = await world.files.get_bytes(names[2])
        assert sha256(content).hexdigest() == detail.outputs[0].sha256 == sha256(world.clip).hexdigest(), told
    elif billed:
        assert outcome in ("outcome_unknown", "provider_timeout", "delivery_failed"), told
        assert money != "free", told
    if money == "spent":
        assert billed == 1 or outcome == "delivery_failed", told
    assert SECRET_MARK not in await world.told(video_id), told
    assert world.simulation.books.unauthorised == 0 or "unauthorised" in where or "401" in where, told
    return Cell(outcome, world.simulation.books.submissions, created, billed, money)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
async def test_every_fault_ends_as_it_should(variant: Variant, build: Callable[..., Awaitable[World]]) -> None:
    wrong: list[str] = []
    for fault in faults_of(variant):
        world = await build(variant, fault)
        video_id, _ = await live(world, fault, Kills())
        cell = await check_money_and_file(world, video_id, f"fault {fault}")
        expected = EXPECTED[fault].for_variant(variant)
        if cell.outcome not in expected:
            wrong.append(f"{fault}: {cell}, expected {' or '.join(expected)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
async def test_death_at_every_place_of_every_fault_loses_nothing_and_pays_nothing_twice(
    variant: Variant, build: Callable[..., Awaitable[World]]
) -> None:
    kills = 0
    for fault in faults_of(variant):
        dry_run = Kills()
        await live(await build(variant, f"{fault}-alive"), fault, dry_run)
        for place in range(len(dry_run.places)):
            world = await build(variant, f"{fault}-{place}")
            video_id, where = await live(world, fault, Kills(at=place))
            cell = await check_money_and_file(world, video_id, f"fault {fault}, {where}")
            allowed = {*EXPECTED[fault].for_variant(variant), *(() if variant.repeats else ("outcome_unknown",))}
            assert cell.outcome in allowed, f"{variant.name}: {fault}, {where}: {cell}"
            kills += 1
    assert kills > 100
