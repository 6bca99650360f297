"""How single creatures of the reef are cast, painted and sent across the frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from filmgate.animatic.figures.cutout import Cutout, Piece, draw_cutout, hazed, mirrored
from filmgate.animatic.figures.puppet import standing
from filmgate.animatic.figures.role import Member, Role
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.figures.wildlife.troupe import Solo, at_liberty, deep_water, showing_colours, submerged
from filmgate.animatic.raster import Matrix


def one_each(role: Role, length: float, build: Callable[[Member, float, float], Solo]) -> list[Actor]:
    free = at_liberty(role)
    rng = free.rng
    facing = 1.0 if rng.uniform() < 0.5 else -1.0
    members = [
        Member(free, index, facing, float(rng.uniform(0, 6.28)), int(rng.integers(1000)))
        for index in range(free.subject.count)
    ]
    actors: list[Actor] = []
    for member in members:
        share = member.in_formation()[2] / free.size
        actors.insert(0, build(member, min(free.size, 0.34 * free.canvas.base) * length * share, 0.4 * (1 - share)))
    return actors


def cruise(member: Member, length: float, speed: float, surge: Callable[[float], float]) -> Callable[[float], Matrix]:
    """A slow way across the frame, `speed` lengths a second; `surge` is what strokes add to it, in lengths."""
    role = member.role
    x, y, _ = member.in_formation()
    pace = min(speed * length, 0.36 * role.canvas.width / max(1.5, role.brief.duration_seconds))

    def at(seconds: float) -> tuple[float, float]:
        along = pace * (seconds - role.middle) + surge(seconds) * length
        return x + member.facing * along, y + length * (0.10 * math.sin(0.5 * seconds + member.phase))

    def matrix(seconds: float) -> Matrix:
        (here_x, here_y), (next_x, next_y) = at(seconds), at(seconds + 0.1)
        angle = math.atan2(here_y - next_y, max(abs(next_x - here_x), 0.06 * pace))
        return standing(here_x, here_y, length, member.facing, -max(-0.4, min(0.4, angle)) * member.facing)

    return matrix


def painter(member: Member, length: float, haze: float) -> Callable[[Sequence[Piece]], Cutout]:
    """Paints pieces in the light where `member` swims, `haze` of the way to the colour of distance."""
    light, water = showing_colours(mirrored(submerged(member.role), member.facing), 0.45), deep_water(member.role)
    haze += 0.3 if member.role.where == "water" else 0.0  # just under the surface
    return lambda pieces: hazed(draw_cutout(pieces, light, length * 1.08), water, haze)


def passage(member: Member, span: float, speed: float, heave: Callable[[float], float]) -> Callable[[float], Matrix]:
    """A way across the sky, `speed` spans a second; `heave` is how far each stroke lifts the body, in spans."""
    role = member.role
    x, y, _ = member.in_formation()
    y = max(y, 0.75 * span)
    pace = min(speed * span, 0.30 * role.canvas.width / max(1.5, role.brief.duration_seconds))

    def matrix(seconds: float) -> Matrix:
        along = member.facing * pace * (seconds - role.middle)
        drift = 0.10 * span * math.sin(0.5 * seconds + member.phase)
        lean = -0.06 * math.cos(0.5 * seconds + member.phase)
        return standing(x + along, y - drift - heave(seconds) * span, span, member.facing, lean * member.facing)

    return matrix
