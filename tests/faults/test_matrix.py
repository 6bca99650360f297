"""Every adapter x every fault x death at every place: nothing is paid twice, and nothing paid for is lost."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Awaitable, Callable
from hashlib import sha256

import pytest
from expectations import EXPECTED, Cell
from fault_table import NONE, published_cells
from variants import PRIMARY, VARIANTS, faults_of
from world import SECRET_MARK, Variant, World

from deaths import Killed, Kills
from filmgate.simulators.faults import Fault

pytestmark = pytest.mark.anyio

ALWAYS = frozenset({Fault.UNAUTHORISED})


CASES = [
    pytest.param(variant, fault, id=f"{variant.name}-{fault}")
    for variant in VARIANTS
    for fault in (NONE, *sorted(faults_of(variant)))
]
# All variants die everywhere when asked to: FILMGATE_FULL_MATRIX=1.
DEADLY_CASES = [case for case in CASES if case.values[0].name in PRIMARY or os.environ.get("FILMGATE_FULL_MATRIX")]
# Of a hundred polls that are all alike, the first and the second are enough to die at.
MOST_DEATHS_AT_ONE_KIND_OF_PLACE = 2


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
    told = f"{world.variant.name}, {where}: {outcome}, {created} created, {billed} billed, money {money}"

    assert billed <= 1, told
    assert world.not_failed() <= 1, told
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


@pytest.mark.parametrize(("variant", "fault"), CASES)
async def test_every_fault_ends_as_it_should(
    variant: Variant, fault: str, build: Callable[..., Awaitable[World]]
) -> None:
    world = await build(variant, "alive")
    video_id, _ = await live(world, fault, Kills())
    cell = await check_money_and_file(world, video_id, f"fault {fault}")
    assert cell.outcome in EXPECTED[fault].for_variant(variant), cell
    assert published_cells()[variant.name, fault] == cell.published(), "docs/faults.md is stale: poe faults"


@pytest.mark.parametrize(("variant", "fault"), DEADLY_CASES)
async def test_death_at_every_place_loses_nothing_and_pays_nothing_twice(
    variant: Variant, fault: str, build: Callable[..., Awaitable[World]]
) -> None:
    dry_run = Kills()
    await live(await build(variant, "alive"), fault, dry_run)
    deadly = worth_dying_at(dry_run.places)
    for place in deadly:
        world = await build(variant, f"killed-{place}")
        video_id, where = await live(world, fault, Kills(at=place))
        cell = await check_money_and_file(world, video_id, f"fault {fault}, {where}")
        expected = EXPECTED[fault].for_variant(variant)
        assert cell.outcome in allowed_after_death(expected, variant, fault), f"{where}: {cell}"
    assert len(deadly) >= 4


def worth_dying_at(places: list[str]) -> list[int]:
    seen: Counter[str] = Counter()
    chosen: list[int] = []
    for number, place in enumerate(places):
        seen[place] += 1
        if seen[place] <= MOST_DEATHS_AT_ONE_KIND_OF_PLACE:
            chosen.append(number)
    return chosen


def allowed_after_death(expected: tuple[str, ...], variant: Variant, fault: str) -> set[str]:
    """A death while a reply is under way is a lost reply; the fault may also be spent on a call that nobody heard."""
    allowed = {*expected, "completed"}
    can_tell = variant.repeats or (variant.finds and variant.proves_absence)
    # Whoever is shut out for good cannot ask, either; and some tasks tell whose they are only when they end.
    if not can_tell or fault in ALWAYS or fault == Fault.STUCK:
        allowed.add("outcome_unknown")
    return allowed
