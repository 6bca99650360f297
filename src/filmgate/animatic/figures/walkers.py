"""Casting of whatever walks: where each one starts, which way it heads, and how far it may go before it turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from filmgate.animatic.figures.actors import Floater, Walker, halo_light, soft_disc
from filmgate.animatic.figures.performance import TURN_HEIGHTS, Gait, Performance, plan
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor

WALK_SHARE = 0.30  # of the frame's width, to either side of the spot
GAP = 0.13  # of the frame's width, between those who walk together

Drawing = Callable[[Performance], Callable[[float], list[Shape]]]
"""Given what one does over the clip: its shapes at `seconds` into it."""


def walkers(
    role: Role,
    gait: Gait,
    sizes: Sequence[float],
    drawings: Sequence[Drawing],
    *,
    gap: float = GAP,
    usual: str = "walk",
) -> list[Actor]:
    """Actors side by side on the ground, or afloat where there is no weight. `sizes` are shares of a person."""
    if role.setting.stage.weightless:
        return [_floater(role, gait, drawing, index) for index, drawing in enumerate(drawings)]
    gap = min(gap, 0.55 / len(drawings))
    smaller = 1.0 if len(drawings) == 1 else 0.92
    actors: list[Actor] = []
    for index, (size, drawing) in enumerate(zip(sizes, drawings, strict=True)):
        x = (role.setting.spot.x + (index - (len(drawings) - 1) / 2) * gap) * role.canvas.width
        actors.append(_walker(role, gait, drawing, x, role.size * size * smaller, usual))
    return actors


def _walker(role: Role, gait: Gait, drawing: Drawing, x: float, height_px: float, usual: str) -> Walker:
    brief, setting = role.brief, role.setting
    performance = plan(role.actions, brief.duration_seconds, gait, usual=usual)
    total = performance.at(brief.duration_seconds).distance
    room = 0.45 - abs(x / role.canvas.width - 0.5)  # to the nearer edge
    longest = max(0.06, min(WALK_SHARE, room)) * role.canvas.width / height_px
    fits = total / 2 <= longest  # else one turns round at either end
    return Walker(
        where=role.where,
        setting=setting,
        shapes=drawing(performance),
        performance=performance,
        height_px=height_px,
        x=x,
        reach=total / 2 + TURN_HEIGHTS if fits else longest,
        start=TURN_HEIGHTS if fits else 0.0,
        heading=setting.heading,
        shadow=soft_disc(setting.stage.shadow),
        halo=halo_light(brief.palette.glow) if setting.dark and not setting.stage.low_gravity else None,
    )


def _floater(role: Role, gait: Gait, drawing: Drawing, index: int) -> Floater:
    spot = role.setting.spot
    side = 1 if index % 2 else -1
    return Floater(
        where=role.where,
        setting=role.setting,
        shapes=drawing(plan(("float",), role.brief.duration_seconds, gait, usual="float")),
        height_px=spot.height_px * (1.0, 0.62, 0.45, 0.36)[min(index, 3)],
        x=spot.x * role.canvas.width + ((index + 1) // 2) * side * 0.62 * spot.height_px,
        y=spot.y + side * 0.18 * spot.height_px * index,
        heading=1.0 if spot.x < 0.5 else -1.0,
        phase=float(role.rng.uniform(0, 6.28)),
    )
