"""How craft, landmarks and leaping animals move: each kind's path is a closed formula of time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures import craft
from filmgate.animatic.figures.actors import Setting, Vehicle, halo_light, soft_disc
from filmgate.animatic.figures.animals import whale_shapes
from filmgate.animatic.figures.puppet import Shape, standing
from filmgate.animatic.raster import Floats, Matrix
from filmgate.animatic.scene import Brief

# Companions in the air keep apart and stand further off: steps in frame widths and bases, and their size.
FORMATION = ((0.0, 0.0, 1.0), (0.27, -0.05, 0.62), (-0.25, -0.10, 0.45), (0.42, 0.06, 0.75), (-0.40, 0.02, 0.50))


@dataclass(frozen=True, slots=True, eq=False)
class _Role:
    """One of `count` alike, with what chance gave it."""

    brief: Brief
    setting: Setting
    where: str
    index: int
    count: int
    facing: float
    phase: float
    scheme: int

    @property
    def size(self) -> float:
        """Height of a person at this spot, in pixels."""
        return self.setting.spot.height_px

    @property
    def x(self) -> float:
        spread = (self.index - (self.count - 1) / 2) * min(0.20, 0.6 / self.count)
        return (self.setting.spot.x + spread) * self.setting.stage.canvas.width

    @property
    def y(self) -> float:
        return self.setting.spot.y

    @property
    def middle(self) -> float:
        """When the figure passes its spot: half-way through the clip."""
        return self.brief.duration_seconds / 2

    def in_formation(self) -> tuple[float, float, float]:
        """Place and size in the air."""
        canvas, (step_x, step_y, share) = self.setting.stage.canvas, FORMATION[self.index % len(FORMATION)]
        x = (self.setting.spot.x + step_x) * canvas.width
        return x, self.y + step_y * canvas.base, self.size * share

    def colour(self, usual: str) -> Floats:
        return from_hex(self.brief.reading.accent or usual)


def build_vehicle(brief: Brief, setting: Setting, kind: str, where: str, index: int, count: int) -> Vehicle:
    """The `index`-th of `count` vehicles of a kind."""
    rng = brief.rng
    facing = 1.0 if rng.uniform() < 0.5 else -1.0
    role = _Role(brief, setting, where, index, count, facing, float(rng.uniform(0, 6.28)), int(rng.integers(1000)))
    return _BUILDERS[kind](role)


def _sailboat(role: _Role) -> Vehicle:
    return _afloat(role, role.size * 1.05 * (1 - 0.12 * role.index), craft.sailboat_shapes)


def _ship(role: _Role) -> Vehicle:
    return _afloat(role, role.size * 0.75 * (1 - 0.12 * role.index), _still(craft.ship_shapes(role.setting.dark)))


def _afloat(role: _Role, size: float, shapes: Callable[[float], list[Shape]]) -> Vehicle:
    def sail(seconds: float) -> Matrix:
        along = role.facing * 0.055 * size * (seconds - role.middle)
        bob, lean = 0.012 * math.sin(seconds * 1.5 + role.phase), 0.030 * math.sin(seconds * 1.1 + role.phase)
        return standing(role.x + along, role.y + bob * size, size, role.facing, lean)

    return Vehicle(role.where, role.setting, shapes, sail, mirrored=role.where == "water")


def _leaper(role: _Role, kind: str, size: float, period: float) -> Vehicle:
    """Out of the water, over, and in again; the water hides what is below its surface."""

    def leap(seconds: float) -> Matrix:
        share = min(1.0, ((seconds + 0.9 * role.index) / period + 0.15) % 1.35)
        rise = math.sin(share * math.pi) * size * 0.62 - size * 0.38
        x = role.x + role.facing * size * 1.3 * (share - 0.5)
        return standing(x, role.y - rise, size, role.facing, (share - 0.5) * 2.1 * role.facing)

    sinks = role.where == "water"
    return Vehicle(role.where, role.setting, _still(whale_shapes(kind)), leap, surface=role.y if sinks else None)


def _whale(role: _Role) -> Vehicle:
    return _leaper(role, "whale", role.size * 2.2, 3.2)


def _dolphin(role: _Role) -> Vehicle:
    return _leaper(role, "dolphin", role.size * 1.15, 2.0)


def _car(role: _Role) -> Vehicle:
    size, canvas = role.size * 0.62, role.setting.stage.canvas
    colour = role.colour(craft.CAR_COLOURS[role.scheme % len(craft.CAR_COLOURS)])
    speed = min(1.6 * size, 0.75 * canvas.width / max(1.0, role.brief.duration_seconds))

    def drive(seconds: float) -> Matrix:
        x = role.x + role.facing * speed * (seconds - role.middle)
        return standing(x, role.setting.foot(x) + 0.006 * size * math.sin(seconds * 19), size, role.facing)

    def shapes(seconds: float) -> list[Shape]:
        return craft.car_shapes(speed * (seconds - role.middle) / size, colour, role.setting.dark)

    shadow = soft_disc(role.setting.stage.shadow * 1.2)
    return Vehicle(role.where, role.setting, shapes, drive, shadow, size * 1.9)


def _lighthouse(role: _Role) -> Vehicle:
    beam = halo_light(role.brief.palette.glow) if role.setting.dark else None
    place = standing(role.x, role.y, role.size * 1.9)
    shapes = _still(craft.lighthouse_shapes(role.setting.dark))
    return Vehicle(role.where, role.setting, shapes, lambda _: place, beam=beam)


def _tent(role: _Role) -> Vehicle:
    size = role.size * 0.72
    place = standing(role.x, role.setting.foot(role.x), size)
    lit = role.setting.dark
    shadow = soft_disc(role.setting.stage.shadow)
    return Vehicle(
        role.where, role.setting, lambda seconds: craft.tent_shapes(seconds, lit), lambda _: place, shadow, size * 1.2
    )


def _balloon(role: _Role) -> Vehicle:
    x, y, size = role.in_formation()
    scheme = role.scheme + role.index

    def rise(seconds: float) -> Matrix:
        left = x + 0.05 * size * (seconds - role.middle) + 0.012 * size * math.sin(seconds * 0.7 + role.phase)
        top = (
            y + size * 0.8 - 0.028 * size * (seconds - role.middle) + 0.01 * size * math.sin(seconds * 0.5 + role.phase)
        )
        return standing(left, top, size * 1.6, 1.0, 0.02 * math.sin(seconds * 0.6 + role.phase))

    glowing = replace(role.setting, light=replace(role.setting.light, backlight=0.30))  # light shines through the silk
    return Vehicle(role.where, glowing, lambda seconds: craft.balloon_shapes(scheme, seconds + role.phase), rise)


def _rocket(role: _Role) -> Vehicle:
    x, y, size = role.in_formation()

    def launch(seconds: float) -> Matrix:
        climb = 0.16 * size * (seconds - role.middle)
        return standing(x + 0.55 * climb * role.facing, y + 0.6 * size - climb, size * 1.3, 1.0, 0.45 * role.facing)

    return Vehicle(role.where, role.setting, craft.rocket_shapes, launch)


def _plane(role: _Role) -> Vehicle:
    x, y, size = role.in_formation()
    canvas, duration = role.setting.stage.canvas, max(2.0, role.brief.duration_seconds)

    def fly(seconds: float) -> Matrix:
        share = (seconds - role.middle) / duration
        left, top = x + role.facing * 0.42 * canvas.width * share, y - 0.04 * canvas.base * share
        return standing(
            left, top, size * 0.55, role.facing, -0.05 * role.facing + 0.01 * math.sin(seconds + role.phase)
        )

    return Vehicle(role.where, role.setting, _still(craft.plane_shapes()), fly)


def _still(shapes: list[Shape]) -> Callable[[float], list[Shape]]:
    """Shapes that do not change."""

    def same(_seconds: float) -> list[Shape]:
        return shapes

    return same


_BUILDERS: Mapping[str, Callable[[_Role], Vehicle]] = MappingProxyType(
    {
        "sailboat": _sailboat,
        "ship": _ship,
        "whale": _whale,
        "dolphin": _dolphin,
        "car": _car,
        "lighthouse": _lighthouse,
        "tent": _tent,
        "balloon": _balloon,
        "rocket": _rocket,
        "plane": _plane,
    }
)
VEHICLES = frozenset(_BUILDERS)
