"""Casting of whatever walks: where each one starts, which way it heads, and how far it may go before it turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from filmgate.animatic.figures.actors import Floater, Footing, Strider, Walker, halo_light, soft_disc
from filmgate.animatic.figures.people.figure import Figure
from filmgate.animatic.figures.performance import TURN_HEIGHTS, Gait, Performance, plan
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.figures.role import Role
from filmgate.animatic.figures.stage import Actor

WALK_SHARE = 0.30  # of the frame's width, to either side of the spot
FOLLOWED = frozenset({"medium", "close"})  # so near that the feet are not seen: the camera goes with whoever walks
FOLLOWED_PACE = 0.06
OVERCAST = frozenset({"rain", "storm", "snow", "fog"})
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
    """Flat actors side by side on the ground, or afloat where there is no weight. `sizes` are shares of a person."""
    if role.setting.stage.weightless:
        return [_floater(role, gait, drawing, index) for index, drawing in enumerate(drawings)]
    actors: list[Actor] = []
    for x, height_px, drawing in zip(*_side_by_side(role, sizes, gap), drawings, strict=True):
        performance = plan(role.actions, role.brief.duration_seconds, gait, usual=usual)
        reach, start = _line(role, performance, x, height_px)
        actors.append(
            Walker(
                where=role.where,
                setting=role.setting,
                shapes=drawing(performance),
                performance=performance,
                height_px=height_px,
                x=x,
                reach=reach,
                start=start,
                heading=role.setting.heading,
                footing=_footing(role, height_px),
            )
        )
    return actors


def striders(
    role: Role, figures: Sequence[Figure], sizes: Sequence[float], *, gap: float, usual: str, yaw: float
) -> list[Actor]:
    """Like `walkers`, for figures that can be seen from any side; they cross the picture at `yaw`."""
    if role.setting.stage.weightless or (role.where == "air" and usual == "float"):
        return [_floater(role, figure.gait, _drawing(figure, yaw), index) for index, figure in enumerate(figures)]
    slow = math.cos(yaw)
    followed = role.brief.reading.framing in FOLLOWED
    sunshine = _sunshine(role)
    actors: list[Actor] = []
    for x, height_px, figure in zip(*_side_by_side(role, sizes, gap), figures, strict=True):
        actions = tuple("walk" if action == "swim" else action for action in role.actions)
        performance = plan(actions, role.brief.duration_seconds, figure.gait, usual=usual)
        pace = FOLLOWED_PACE if followed else 1.0
        reach, start = _line(role, performance, x, height_px, slow * pace)
        actors.append(
            Strider(
                where=role.where,
                setting=role.setting,
                shapes=figure.shapes,
                performance=performance,
                height_px=height_px,
                x=x,
                reach=reach,
                start=start / slow,
                heading=role.setting.heading,
                yaw=yaw,
                pace=pace,
                sunshine=sunshine,
                footing=_footing(role, height_px),
            )
        )
    return actors


def _drawing(figure: Figure, yaw: float) -> Drawing:
    return lambda performance: lambda seconds: figure.shapes(performance.at(seconds), yaw)


def _side_by_side(role: Role, sizes: Sequence[float], gap: float) -> tuple[list[float], list[float]]:
    """Where each one stands and how tall it is, in pixels."""
    count = len(sizes)
    gap = min(gap, 0.55 / count)
    smaller = 1.0 if count == 1 else 0.92
    middle = role.setting.spot.x
    columns = [(middle + (index - (count - 1) / 2) * gap) * role.canvas.width for index in range(count)]
    return columns, [role.size * size * smaller for size in sizes]


def _line(role: Role, performance: Performance, x: float, height_px: float, slow: float = 1.0) -> tuple[float, float]:
    """Half the length of the line walked, and where on it one starts, in body heights across the picture."""
    total = performance.at(role.brief.duration_seconds).distance * slow
    room = 0.45 - abs(x / role.canvas.width - 0.5)  # to the nearer edge
    longest = max(0.06, min(WALK_SHARE, room)) * role.canvas.width / height_px
    fits = total / 2 <= longest  # else one turns round at either end
    return (total / 2 + TURN_HEIGHTS, TURN_HEIGHTS) if fits else (longest, 0.0)


def _sunshine(role: Role) -> float:
    """How dark a cast shadow is here."""
    brief, stage = role.brief, role.setting.stage
    if role.where != "ground":
        return 0.0
    if stage.low_gravity:
        return stage.shadow
    sunlit = brief.palette.is_sunlit and brief.reading.weather not in OVERCAST
    return 0.62 * stage.shadow if sunlit else 0.0


def _footing(role: Role, height_px: float) -> Footing:
    stage = role.setting.stage
    halo = halo_light(role.brief.palette.glow) if role.setting.dark and not stage.low_gravity else None
    return Footing(role.setting, height_px, soft_disc(stage.shadow), halo)


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
