"""Fireworks: a shell climbs, bursts, and its sparks slow down, droop and fade, with a trail behind each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from filmgate.animatic.camera import plane_matrix
from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.role import Castings, Role
from filmgate.animatic.figures.stage import Actor, Setting
from filmgate.animatic.raster import Floats, Pixels, add_light, add_weighted, apply, blur, halve, resize
from filmgate.animatic.scene import START_SECONDS, Moment

SECONDS_BETWEEN = 0.62
LIFE, CLIMB = 2.3, 0.9  # seconds of the sparks, and of the shell before them
DRAG = 2.1  # a second: how fast a spark loses its speed
FALL = 0.045  # bases a second squared
TRAIL = (0.0, 0.08, 0.18, 0.30)  # seconds behind the head, where a trail bends
REDUCTION, GLOW_REDUCTION = 2, 4
BITS = 4  # fractions of a pixel
FLASH_SECONDS = 0.10
COLOURS = ("ff4a3c", "ffb43a", "58e08a", "4aa8ff", "c06aff", "ff6ab4", "ffe08a")
WHITE = np.ones(3, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Burst:
    """One firework: when it bursts, where (pixels), how far its sparks go (pixels) and their directions."""

    time: float
    x: float
    y: float
    reach: float
    colour: Floats
    tips: Floats  # what the sparks turn to
    sparks: Floats  # (n, 2), as far as 1
    twinkle: Floats  # (n,), radians


@dataclass(frozen=True, slots=True, eq=False)
class Fireworks:
    where: str
    setting: Setting
    bursts: tuple[Burst, ...]
    depth: float

    def paint(self, target: Pixels, moment: Moment) -> None:
        seconds = moment.seconds - START_SECONDS
        lit = [burst for burst in self.bursts if -CLIMB < seconds - burst.time < LIFE]
        height, width = target.shape[:2]
        if not lit or min(height, width) < 8:
            return
        canvas = self.setting.stage.canvas
        screen = plane_matrix(canvas, self.setting.stage.horizon, self.depth, moment.view)
        rows = min(height, round(self.setting.stage.horizon + 0.15 * canvas.base)) // GLOW_REDUCTION * GLOW_REDUCTION
        sheet = np.zeros((max(4, rows) // REDUCTION, width // GLOW_REDUCTION * 2, 3), np.uint8)
        for burst in lit:
            age = seconds - burst.time
            if age < 0:
                _draw_shell(sheet, burst, age, screen, canvas.base)
            else:
                _draw_sparks(sheet, burst, age, screen, canvas.base)
        soft = blur(halve(sheet), max(0.8, 5.0 * canvas.unit))
        wide = resize(blur(halve(soft), max(0.8, 4.0 * canvas.unit)), soft.shape[1], soft.shape[0])
        glow = add_weighted(soft, 1.0, wide, 1.6)
        add_light(sheet, resize(glow, sheet.shape[1], sheet.shape[0]))
        sky = target[: sheet.shape[0] * REDUCTION, : sheet.shape[1] * REDUCTION]
        add_light(sky, resize(sheet, sky.shape[1], sky.shape[0]))


def _draw_sparks(sheet: Pixels, burst: Burst, age: float, screen: Floats, base: float) -> None:
    share = age / LIFE
    trails = np.stack([_sparks_at(burst, max(0.0, age - behind), base) for behind in TRAIL], 1)
    lines = _fixed(apply(screen, trails.reshape(-1, 2)).reshape(trails.shape))
    fade = min(1.0, 1.5 * (1 - share)) ** 1.2
    colour = mix(burst.colour, burst.tips, min(1.0, share * 1.6))
    thickness = max(1, round(base / 720))
    cv2.polylines(sheet, list(lines), False, _scalar(colour * fade * 0.75), thickness, cv2.LINE_AA, BITS)
    cv2.polylines(
        sheet,
        list(lines[:, :2]),
        False,
        _scalar(mix(colour, WHITE, 0.35) * fade),
        thickness + (share < 0.35),
        cv2.LINE_AA,
        BITS,
    )
    glint = np.maximum(0, np.sin(burst.twinkle + age * 9.0)) ** 3 * math.sin(math.pi * share) ** 2
    for head, bright in zip(lines[:, 0], glint, strict=True):
        if bright > 0.4:
            centre = (int(head[0]), int(head[1]))
            cv2.circle(sheet, centre, thickness << BITS, _scalar(WHITE * float(bright)), -1, cv2.LINE_AA, BITS)
    flash = math.exp(-age / FLASH_SECONDS)
    if flash > 0.02:
        centre = _fixed(apply(screen, np.array([[burst.x, burst.y]])))[0]
        reach = int(base * 0.020 * (1 << BITS) / REDUCTION * 2)
        cv2.circle(
            sheet,
            (int(centre[0]), int(centre[1])),
            reach,
            _scalar(mix(burst.colour, WHITE, 0.6) * flash),
            -1,
            cv2.LINE_AA,
            BITS,
        )


def _draw_shell(sheet: Pixels, burst: Burst, age: float, screen: Floats, base: float) -> None:
    """The shell on its way up, slower and slower, `age` seconds (below 0) before it bursts."""
    path = [
        (burst.x + 0.02 * base * math.sin(at * 9) * at, burst.y + 0.55 * base * at * at)
        for at in (age, age - 0.05, age - 0.12)
    ]
    strength = 0.7 * min(1.0, (age + CLIMB) * 4)
    line = _fixed(apply(screen, np.array(path)))
    cv2.polylines(
        sheet,
        [line],
        False,
        _scalar(np.array([1.0, 0.78, 0.45]) * strength),
        max(1, round(base / 720)),
        cv2.LINE_AA,
        BITS,
    )


def _sparks_at(burst: Burst, age: float, base: float) -> Floats:
    out = (1 - math.exp(-DRAG * age)) * burst.reach
    drop = FALL * base * age * age
    return burst.sparks * out + np.array([burst.x, burst.y + drop])


def _fireworks(role: Role) -> list[Actor]:
    rng, canvas, horizon = role.rng, role.canvas, role.setting.stage.horizon
    top = min(horizon, 0.85 * canvas.height)
    bursts: list[Burst] = []
    count = math.ceil((role.brief.duration_seconds + LIFE + CLIMB) / SECONDS_BETWEEN) + 1
    chosen = rng.permutation(len(COLOURS))
    for index in range(count):
        time = -1.4 + SECONDS_BETWEEN * (index + float(rng.uniform(-0.3, 0.3)))
        # Neighbours in time go to different thirds of the sky.
        column = 0.5 + 0.30 * (index % 3 - 1) * (1 if index % 2 else -1) + float(rng.uniform(-0.09, 0.09))
        usual = from_hex(COLOURS[int(chosen[index % len(COLOURS)])])
        colour = from_hex(role.subject.colour) if role.subject.colour else usual
        tips = from_hex("ffd890") if index % 2 else mix(colour, WHITE, 0.35)
        sparks = _directions(rng, ring=index % 4 == 3)
        bursts.append(
            Burst(
                time=time,
                x=column * canvas.width,
                y=top * float(rng.uniform(0.20, 0.52)),
                reach=canvas.base * float(rng.uniform(0.20, 0.34)),
                colour=colour,
                tips=tips,
                sparks=sparks,
                twinkle=rng.uniform(0, 2 * math.pi, len(sparks)),
            )
        )
    return [Fireworks(role.where, role.setting, tuple(bursts), min(0.2, role.setting.spot.depth))]


def _directions(rng: np.random.Generator, *, ring: bool) -> Floats:
    """Where sparks fly: evenly over a ball, or around a tilted ring with a ball inside."""
    count = 66
    turn = np.arange(count) * 2.39996  # the golden angle
    level = 1 - 2 * (np.arange(count) + 0.5) / count
    ball = np.stack([np.cos(turn) * np.sqrt(1 - level**2), level], 1) * rng.uniform(0.86, 1.0, (count, 1))
    if not ring:
        return ball
    around = np.linspace(0, 2 * math.pi, 36, endpoint=False)
    hoop = np.stack([1.15 * np.cos(around), 0.32 * np.sin(around) + 0.25 * np.cos(around)], 1)
    return np.concatenate([ball[::2] * 0.55, hoop])


def _fixed(points: Floats) -> npt.NDArray[np.int32]:
    """Pixels of the canvas as fixed-point pixels of the reduced sheet."""
    return np.rint(np.clip(points, -3e4, 3e4) * ((1 << BITS) / REDUCTION)).astype(np.int32)


def _scalar(colour: Floats) -> tuple[float, float, float]:
    red, green, blue = (float(value) * 255 for value in np.clip(colour, 0, 1))
    return red, green, blue


CASTINGS: Castings = MappingProxyType({"fireworks": _fireworks})
