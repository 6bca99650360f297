"""What flies in space, and on the way there: rockets that lift off, starships, saucers, satellites, stations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, to_pixels
from filmgate.animatic.figures.coachwork import painted, curve, rounded
from filmgate.animatic.figures.craft import (
    INK,
    IRON,
    RED,
    STEEL,
    WHITE,
    Paintbox,
    bar,
    beam_light,
    box,
    disc,
    lamp_glow,
    paintbox,
)
from filmgate.animatic.figures.cutout import Card, Patch, Piece, draw_cutout, turned
from filmgate.animatic.figures.machine import Machine, Shine, passing_speed, round_shine, steady, upright
from filmgate.animatic.figures.plume import Plume, build_puffs, steam_colours
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, Role, one_by_one
from filmgate.animatic.figures.stage import Actor
from filmgate.animatic.raster import Floats, Matrix, Pixels, place

LAUNCHES = frozenset({"launch", "fly", "jump"})
IGNITION = 0.12  # of the clip: until then it stands and steams
ROCKET_HEIGHTS = 1.75  # person heights, on the pad


def flame_light(inner: str = "fff2c8", outer: str = "ff7a2a") -> Pixels:
    """A jet of fire downwards, from the middle of the top edge of its picture (96, 48)."""
    down = np.linspace(0, 1, 96, dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, 48, dtype=np.float32)[None]
    width = (0.20 + 0.30 * np.sqrt(down)) * np.clip(1.15 - down, 0, 1) ** 0.5
    core = np.exp(-((across / (width * 0.45 + 0.02)) ** 2)) * np.clip(1 - down * 1.5, 0, 1)
    fire = np.exp(-((across / (width + 0.02)) ** 2) * 1.6) * np.clip(1 - down, 0, 1) ** 0.8
    edge = np.clip(down * 40, 0, 1) * np.clip((1 - np.abs(across)) * 5, 0, 1)
    light = core[..., None] * from_hex(inner) + fire[..., None] * from_hex(outer)
    return to_pixels(np.clip(light * edge[..., None], 0, 1))


def _jet(
    picture: Pixels, x: float, y: float, wide: float, long: float, angle: float, strength: Callable[[float], float]
) -> Shine:
    """Fire from (x, y) that burns downwards, turned by `angle` (anticlockwise) in the plane of the craft."""
    rows, columns = picture.shape[:2]
    upright_fire = np.array([[wide / columns, 0.0, -wide / 2], [0.0, -long / rows, 0.0], [0.0, 0.0, 1.0]])
    return Shine(picture, turned(x, y, angle) @ upright_fire, strength)


def _roar(seconds: float) -> float:
    return 0.90 + 0.06 * math.sin(seconds * 31) + 0.04 * math.sin(seconds * 47)


def rocket_pieces(paint: Paintbox, own: Floats) -> list[Piece]:
    """A launcher with two boosters; twenty units from its nozzles to its tip."""
    core = curve("-1.25,0.8! -1.25,15.2 -1.15,16.6 -0.75,18.4 0,19.8 0.75,18.4 1.15,16.6 1.25,15.2 1.25,0.8!", 4)
    bands = (
        Patch(box(-9, 8.9, 9, 9.3), INK, 0.02, 0.8),
        Patch(box(-9, 14.9, 9, 15.2), own, 0.02, 0.9),
        Patch(box(-9, 4.6, 9, 4.8), INK, 0.02, 0.5),
        Patch(box(0.25, 10.2, 0.75, 14.2), own, 0.03, 0.85),
    )
    pieces: list[Piece] = []
    for side in (-1, 1):
        booster = rounded(
            [
                (side * x, y)
                for x, y in ((1.0, 0.6), (1.0, 0.6), (1.05, 8.6), (1.65, 10.9), (2.25, 8.6), (2.35, 0.6), (2.35, 0.6))
            ],
            4,
        )
        fin = outline((side * 2.2, 2.8), (side * 3.3, 0.2), (side * 2.2, 0.8))
        nozzle = outline((side * 1.35, 0.7), (side * 1.15, -0.1), (side * 2.2, -0.1), (side * 2.0, 0.7))
        pieces += [
            Piece(nozzle, IRON, (), 0.1),
            Piece(fin, own, (), 0.08),
            Piece(
                booster,
                WHITE,
                (Patch(box(-9, 7.9, 9, 8.3), own, 0.02, 0.9), Patch(box(-9, 0, 9, 1.3), STEEL * 0.7, 0.05, 0.9)),
                0.42,
            ),
        ]
    nozzle = outline((-0.7, 0.9), (-1.0, -0.2), (1.0, -0.2), (0.7, 0.9))
    window = [
        Piece(disc(0.0, 16.2, 0.42), STEEL, (), 0.05),
        Piece(disc(0.0, 16.2, 0.30), paint.shining(np.clip(paint.sky * 0.8, 0, 1)), (), 0.0),
    ]
    return [Piece(nozzle, IRON, (), 0.1), *pieces, Piece(core, WHITE, bands, 0.75), *window]


def _rockets(role: Role) -> Sequence[Actor]:
    """On the ground, or told to launch, it lifts off; elsewhere it is on its way."""
    lifts_off = not role.setting.stage.weightless and bool(LAUNCHES & set(role.actions))
    ground = role.setting.stage.spots.get("ground")
    if (lifts_off or role.where != "air") and ground is not None and not role.setting.stage.weightless:
        on_pad = replace(role, where="ground", setting=replace(role.setting, spot=ground))
        return one_by_one(_launch)(on_pad)
    return one_by_one(_cruising_rocket)(role)


@dataclass(frozen=True, slots=True)
class Ascent:
    """A lift-off: it stands, then climbs ever faster until it leaves the frame."""

    x: float
    pad: float
    height: float
    duration: float
    above: float  # how far it climbs, in pixels

    @property
    def ignition(self) -> float:
        return IGNITION * self.duration

    def climb(self, seconds: float) -> float:
        share = max(0.0, seconds - self.ignition) / max(1e-6, self.duration - self.ignition)
        return self.above * share**2.2

    def nozzle(self, seconds: float) -> tuple[float, float]:
        return self.x, self.pad - self.climb(seconds)


def _launch(member: Member) -> Machine:
    role = member.role
    paint = paintbox(role, most_silhouette=0.35)
    height = role.size * ROCKET_HEIGHTS
    unit_px = height / 20
    pad = role.setting.foot(member.x)
    duration = max(1.5, role.brief.duration_seconds)
    ascent = Ascent(member.x, pad - 0.03 * height, height, duration, pad + 0.15 * height)
    art = draw_cutout(rocket_pieces(paint, role.colour("b8362c")), paint.light, unit_px)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        x, y = ascent.nozzle(seconds)
        shake = 0.0015 * height * math.sin(seconds * 37) * min(1.0, max(0.0, seconds - 0.5 * ascent.ignition))
        return upright(x + shake, y, unit_px)

    def burning(seconds: float) -> float:
        return _roar(seconds) * min(1.0, max(0.0, (seconds - 0.6 * ascent.ignition) / (0.4 * ascent.ignition + 1e-6)))

    flame = flame_light()
    jets = tuple(
        _jet(flame, x, 0.1, wide, long, 0.0, burning)
        for x, wide, long in ((0.0, 3.2, 12.0), (-1.68, 2.4, 9.0), (1.68, 2.4, 9.0))
    )
    glow = round_shine(to_pixels(lamp_glow(48, from_hex("ffb060"))), 0.0, -1.5, 11.0, burning)
    return Machine(
        role.where, role.setting, cards, matrix, _exhaust(role, ascent), (_ground_cloud(role, ascent),), (*jets, glow)
    )


def _exhaust(role: Role, ascent: Ascent) -> tuple[Plume, ...]:
    """The column that it leaves in the air."""
    lit, shade = _launch_smoke(role)
    puffs = build_puffs(role.rng, lit, shade, role.setting.light.towards)

    def source(seconds: float) -> tuple[float, float]:
        x, y = ascent.nozzle(seconds)
        return x, min(y + 0.40 * ascent.height, ascent.pad)

    size = 0.36 * ascent.height
    drift = 0.02 * ascent.height * role.brief.reading.wind
    return (
        Plume(
            puffs,
            source,
            0.10,
            4.5,
            size,
            (drift, 0.0),
            (0.0, 0.25 * ascent.height),
            0.6,
            0.9,
            since=0.8 * ascent.ignition,
        ),
    )


def _ground_cloud(role: Role, ascent: Ascent) -> Plume:
    """Billows that roll out to both sides of the pad."""
    lit, shade = _launch_smoke(role)
    puffs = build_puffs(role.rng, lit, mix(shade, lit, 0.2), role.setting.light.towards)

    def source(seconds: float) -> tuple[float, float]:
        number = round(seconds / 0.11)
        side = 1.0 if number % 2 else -1.0
        reach = 0.10 + 0.55 * ((number * 0.618) % 1.0)
        return ascent.x + side * reach * ascent.height, ascent.pad - 0.05 * ascent.height

    return Plume(
        puffs,
        source,
        0.11,
        4.2,
        0.52 * ascent.height,
        (0.0, -0.03 * ascent.height),
        (0.0, 0.0),
        0.7,
        0.85,
        since=0.7 * ascent.ignition,
    )


def _launch_smoke(role: Role) -> tuple[Floats, Floats]:
    lit, shade = steam_colours(role.brief.palette)
    return np.clip(mix(lit, from_hex("ffd9a8"), 0.35), 0, 1), np.clip(mix(shade, from_hex("b07a58"), 0.25), 0, 1)


def _cruising_rocket(member: Member) -> Machine:
    role = member.role
    x, y, size = member.in_formation()
    facing = role.setting.heading
    paint = paintbox(role, most_silhouette=0.35)
    unit_px = size * 1.15 / 20
    art = draw_cutout(rocket_pieces(paint, role.colour("b8362c")), paint.light, unit_px)
    lean = -0.62 * facing

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, -8.0))]

    def matrix(seconds: float) -> Matrix:
        gone = 0.15 * size * (seconds - role.middle)
        sway = 0.015 * math.sin(seconds * 0.8 + member.phase)
        return upright(x - math.sin(lean) * gone, y - math.cos(lean) * gone, unit_px, 1.0, lean + sway)

    flame = flame_light("eef6ff", "ff8a3a")
    jets = tuple(
        _jet(flame, at, -8.0, wide, long, 0.0, _roar)
        for at, wide, long in ((0.0, 3.0, 11.0), (-1.68, 2.2, 7.5), (1.68, 2.2, 7.5))
    )
    glow = round_shine(to_pixels(lamp_glow(32, from_hex("ffa860"))), 0.0, -8.5, 5.0, _roar)
    return Machine(role.where, role.setting, cards, matrix, shines=(*jets, glow))


def _starship(member: Member) -> Machine:
    """A long grey ship of plates and lit ports, with three engines."""
    role = member.role
    x, y, size = member.in_formation()
    facing = role.setting.heading
    paint = paintbox(role, facing)
    unit_px = min(size * 1.25, 0.62 * role.canvas.width) / 60
    own = role.colour("8e98a4")
    hull = curve("31,-0.4! 22,2.2 8,4 -10,5 -24,5 -26,4! -26,-3.6! -10,-4 10,-2.8 24,-1.6", 4)
    tower = curve("-8,4.6! -11,9.6 -12,10.4 -18,10.4 -19,9.6 -21,4.8!", 4)
    plates = tuple(Patch(outline((at, -5), (at - 3, 6)), INK, 0.03, 0.4, 0.10) for at in np.arange(-22, 28, 4.3))
    trench = Patch(curve("29,-0.3 10,0.5 -27,0.8 -27,-0.5 10,-0.5"), INK, 0.10, 0.75)
    ports = [
        Piece(
            box(at, level, at + 0.9, level + 0.42),
            paint.shining(from_hex("ffe2a8" if index % 4 else "8ad8ff")),
            (),
            0.0,
        )
        for level, start, end in ((2.2, -22, 10), (-1.9, -20, 14), (7.6, -17, -11.5), (3.4, -21, -2))
        for index, at in enumerate(np.arange(start, end, 1.75))
        if (index * 7 + int(level * 3)) % 5
    ]
    engines = [
        Piece(rounded(((-25.6, at + 1.3), (-28.8, at + 1.0), (-28.8, at - 1.0), (-25.6, at - 1.3))), IRON, (), 0.3)
        for at in (2.6, 0.0, -2.4)
    ]
    pieces = [
        *engines,
        Piece(bar((-15, 10.2), (-15.5, 13.5), 0.25), STEEL, (), 0.05),
        Piece(tower, own * 0.9, plates, 0.6),
        Piece(hull, own, (*plates, trench, Patch(box(-99, -9, 99, -2.0), own * 0.4, 0.6, 0.7)), 1.3),
        *ports,
    ]
    art = draw_cutout(pieces, paint.light, unit_px)
    speed = passing_speed(role, 0.16 * size, 0.35)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        bob = 0.012 * size * math.sin(seconds * 0.5 + member.phase)
        return upright(
            x + facing * speed * gone,
            y - 0.15 * speed * gone + bob,
            unit_px,
            facing,
            0.09 + 0.012 * math.sin(seconds * 0.4),
        )

    flame = flame_light("e8faff", "3aa8ff")
    jets = tuple(_jet(flame, -28.6, at, 3.0, 13.0, -math.pi / 2, _hum) for at in (2.6, 0.0, -2.4))
    glow = round_shine(to_pixels(lamp_glow(32, from_hex("4ab0ff"))), -29.5, 0.0, 8.0, _hum)
    return Machine(role.where, role.setting, cards, matrix, shines=(*jets, glow))


def _hum(seconds: float) -> float:
    return 0.88 + 0.08 * math.sin(seconds * 5.1) + 0.04 * math.sin(seconds * 13)


def _saucer(member: Member) -> Machine:
    """It hovers, its lamps run round its rim, and its beam reaches for the ground."""
    role = member.role
    x, y, size = member.in_formation()
    paint = paintbox(role, most_silhouette=0.35)
    unit_px = size * 1.1 / 12
    own = role.colour("98a0aa")
    dish = curve("-6,0 -4.4,0.75 -2.2,1.15 0,1.25 2.2,1.15 4.4,0.75 6,0 4.2,-0.75 1.8,-1.2 0,-1.3 -1.8,-1.2 -4.2,-0.75")
    dome = curve("-2.1,1 -1.9,1.9 -1,2.7 0,2.9 1,2.7 1.9,1.9 2.1,1 0,0.8")
    body = painted(paint, dish, own, 0.35, 0.5)
    rim = Patch(bar((-6.2, 0.0), (6.2, 0.0), 0.22), INK, 0.05, 0.7)
    glass = Piece(
        dome,
        paint.shining(np.clip(mix(paint.sky, from_hex("7af0d8"), 0.55) * 0.8, 0, 1)),
        (Patch(disc(-0.7, 2.1, 0.5, 0.35), WHITE, 0.15, 0.7),),
        0.35,
    )
    art = draw_cutout([glass, Piece(body.outline, body.colour, (*body.patches, rim), 0.5)], paint.light, unit_px)
    lamp = to_pixels(lamp_glow(12, from_hex("9affd8")))
    below = role.canvas.height - y
    reach = min(below / unit_px * 0.9, 16.0) if not role.setting.stage.weightless else 7.0

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        left = x + 0.16 * size * math.sin(seconds * 0.55 + member.phase)
        return upright(
            left,
            y + 0.05 * size * math.sin(seconds * 0.9),
            unit_px,
            1.0,
            0.07 * math.cos(seconds * 0.55 + member.phase),
        )

    def running(index: int) -> Callable[[float], float]:
        return lambda seconds: 0.25 + 0.75 * (0.5 + 0.5 * math.cos(seconds * 4.0 - index * 0.9)) ** 3

    rims = tuple(
        round_shine(lamp, at, -0.05 - 0.35 * (1 - (at / 6) ** 2), 0.55, running(index))
        for index, at in enumerate(np.linspace(-5.2, 5.2, 7).tolist())
    )
    cone = beam_light(from_hex("8affd0"), 0.24)
    down = Shine(
        cone,
        np.array([[0.0, 0.40 * reach * 2 / 64, -0.40 * reach], [-reach / 128, 0.0, -1.0]]),
        lambda seconds: 0.75 + 0.15 * math.sin(seconds * 1.7),
    )
    under = round_shine(to_pixels(lamp_glow(24, from_hex("b0ffe0"))), 0.0, -1.2, 2.2, steady(0.8))
    return Machine(role.where, role.setting, cards, matrix, shines=(down, under, *rims))


def _panel(paint: Paintbox, left: float, right: float, half: float) -> Piece:
    """Solar cells: blue, gridded, mirroring."""
    cells = [
        Patch(outline((at, -half), (at, half)), STEEL, 0.0, 0.55, 0.05) for at in np.linspace(left, right, 9)[1:-1]
    ]
    cells += [Patch(outline((left, at), (right, at)), STEEL, 0.0, 0.55, 0.05) for at in (-half / 2, 0.0, half / 2)]
    shine = Patch(
        outline(
            (left, half),
            (left + 0.4 * (right - left), half),
            (left + 0.1 * (right - left), -half),
            (left - 0.3 * (right - left), -half),
        ),
        from_hex("7aa0e8"),
        0.3,
        0.5,
    )
    return Piece(box(left, -half, right, half), from_hex("24407a"), (shine, *cells), 0.05)


def _satellite(member: Member) -> Machine:
    role = member.role
    paint = paintbox(role, most_silhouette=0.35)
    x, y, size = member.in_formation()
    foil = from_hex("c89a48")
    dish = curve("-0.2,-1.2 -1.5,-2.2 -1.2,-2.9 0,-3.1 1.2,-2.9 1.5,-2.2 0.2,-1.2")
    creases = tuple(
        Patch(outline((-1.2, at), (0.1, at + 0.3), (1.2, at - 0.1)), foil * 0.6, 0.02, 0.5, 0.06)
        for at in (-0.9, -0.3, 0.4, 1.0)
    )
    pieces = [
        Piece(bar((-7.5, 0), (7.5, 0), 0.18), STEEL, (), 0.04),
        _panel(paint, -7.4, -2.0, 1.25),
        _panel(paint, 2.0, 7.4, 1.25),
        Piece(dish, WHITE, (Patch(disc(0, -2.5, 0.9, 0.3), STEEL, 0.1, 0.8),), 0.3),
        Piece(bar((0, -2.6), (0, -3.9), 0.08), STEEL, (), 0.0),
        Piece(box(-1.3, -1.5, 1.3, 1.7), foil, creases, 0.3),
        Piece(bar((0.6, 1.7), (0.9, 3.2), 0.07), STEEL, (), 0.0),
        Piece(disc(0.0, 0.6, 0.4), INK, (), 0.05),
    ]
    return _turning(member, pieces, paint, (x, y), size * 1.1 / 15, 0.10)


def _station(member: Member) -> Machine:
    role = member.role
    paint = paintbox(role, most_silhouette=0.35)
    x, y, size = member.in_formation()
    pieces = [
        Piece(
            bar((-15, 0.9), (15, 0.9), 0.5),
            STEEL,
            tuple(Patch(outline((at, 0.65), (at + 0.5, 1.15)), INK, 0, 0.6, 0.06) for at in np.arange(-15, 15, 0.8)),
            0.08,
        )
    ]
    for left in (-14.5, -10.5, 7.5, 11.5):
        for up in (1, -1):
            panel = _panel(paint, 0.0, 6.0, 1.35)
            turned_up = np.stack([left + 1.5 + panel.outline[:, 1], 0.9 + up * (0.6 + panel.outline[:, 0])], 1)
            marks = tuple(
                replace(
                    mark, outline=np.stack([left + 1.5 + mark.outline[:, 1], 0.9 + up * (0.6 + mark.outline[:, 0])], 1)
                )
                for mark in panel.patches
            )
            pieces.append(Piece(turned_up, panel.colour, marks, 0.05))
    modules = ((-5.5, -1.1, 5.5, 1.1), (-1.1, -5.6, 1.1, -0.9), (-9.0, -0.8, -5.2, 0.8), (5.2, -0.85, 8.4, 0.85))
    for left, low, right, high in modules:
        seams = tuple(
            Patch(outline((at, low), (at, high)), INK, 0.02, 0.35, 0.08) for at in np.arange(left + 0.9, right, 1.3)
        )
        pieces.append(
            Piece(
                rounded(
                    (
                        (left, low),
                        (left, low),
                        (left, high),
                        (left, high),
                        (right, high),
                        (right, high),
                        (right, low),
                        (right, low),
                    ),
                    2,
                ),
                WHITE,
                seams,
                0.55,
            )
        )
    pieces += [
        Piece(disc(at, 0.35, 0.18), paint.shining(from_hex("ffd890")), (), 0.0) for at in np.arange(-4.5, 5, 1.5)
    ]
    pieces.append(
        Piece(disc(0.0, -5.6, 0.9, 0.5), IRON, (Patch(disc(0, -5.6, 0.55, 0.3), from_hex("9ad0ff"), 0.05, 0.9),), 0.15)
    )
    return _turning(member, pieces, paint, (x, y), min(size * 1.7, 0.6 * role.canvas.width) / 30, 0.05)


def _turning(
    member: Member, pieces: list[Piece], paint: Paintbox, at: tuple[float, float], unit_px: float, spin: float
) -> Machine:
    """Adrift: it turns slowly as it crosses."""
    role = member.role
    art = draw_cutout(pieces, paint.light, unit_px)
    facing = role.setting.heading
    speed = passing_speed(role, 0.09 * role.size, 0.25)

    def cards(_seconds: float) -> list[Card]:
        return [(art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        swing = 1.0 - 0.10 * (1 + math.sin(seconds * 0.23 + member.phase))  # its panels turn a little away from us
        own = upright(at[0] + facing * speed * gone, at[1] - 0.2 * speed * gone, unit_px, 1.0, 0.30 + spin * gone)
        return own @ np.array([[swing, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

    def beat(seconds: float) -> float:
        return max(0.0, math.sin(seconds * 2.6)) ** 8

    return Machine(
        role.where,
        role.setting,
        cards,
        matrix,
        shines=(round_shine(to_pixels(lamp_glow(12, RED)), 0.0, 1.6, 0.9, beat),),
    )


CASTINGS: Castings = MappingProxyType(
    {
        "rocket": _rockets,
        "spaceship": one_by_one(_starship),
        "ufo": one_by_one(_saucer),
        "satellite": one_by_one(_satellite),
        "space_station": one_by_one(_station),
    }
)
