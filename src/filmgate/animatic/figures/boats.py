"""What floats: they rock on the waves, mirror in the water and draw a wake; and the submarine below."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix, smoothstep, to_pixels
from filmgate.animatic.figures.coachwork import curve, rounded
from filmgate.animatic.figures.craft import (
    INK,
    IRON,
    LAMP,
    RED,
    ROPE,
    STEEL,
    WHITE,
    WOOD,
    Paintbox,
    bar,
    beam_light,
    box,
    disc,
    lamp_glow,
    paintbox,
)
from filmgate.animatic.figures.cutout import Card, Cutout, Patch, Piece, draw_cutout, turned
from filmgate.animatic.figures.machine import (
    Machine,
    Shine,
    mirrored_in_water,
    passing_speed,
    rippled,
    round_shine,
    steady,
    upright,
)
from filmgate.animatic.figures.plume import Plume, build_puffs, steam_colours
from filmgate.animatic.figures.puppet import outline
from filmgate.animatic.figures.role import Castings, Member, Role, one_by_one
from filmgate.animatic.figures.troupe import submerged
from filmgate.animatic.raster import Floats, Matrix, Points, place

WAKE_ART = (40, 192)
BEHIND = 0.16  # how much smaller each further one of several is


@dataclass(frozen=True, slots=True)
class Vessel:
    """A boat in metres, its waterline at 0; `height` is `share` of a person's height on the screen."""

    build: Callable[[Paintbox, Floats], list[Piece]]
    colour: str
    length: float
    height: float
    share: float
    pace: float  # person heights a second
    heel: float = 0.02  # radians of roll
    smokes: tuple[float, float] | None = None  # its funnel
    lantern: tuple[float, float] | None = None


def _hull(paint: Paintbox, shell: Points, colour: Floats, stripe: Floats, freeboard: float, roundness: float) -> Piece:
    """Planks or plates: darker and wet at the waterline, a bright strake under the rail."""
    left, right = float(shell[:, 0].min()) - 1, float(shell[:, 0].max()) + 1
    return Piece(
        shell,
        colour,
        (
            Patch(box(left, -9, right, 0.30 * freeboard), colour * 0.45, 0.14 * freeboard, 0.8),
            Patch(box(left, 0.72 * freeboard, right, 0.84 * freeboard), stripe, 0.01 * freeboard, 0.85),
        ),
        roundness,
    )


def _planks(shell: Points, count: int, colour: Floats, bottom: float, top: float) -> tuple[Patch, ...]:
    left, right = float(shell[:, 0].min()), float(shell[:, 0].max())
    return tuple(
        Patch(
            outline((left, y + 0.1 * (top - bottom)), ((left + right) / 2, y), (right, y + 0.16 * (top - bottom))),
            colour,
            0.0,
            0.5,
            0.018,
        )
        for y in np.linspace(bottom, top, count)
    )


def _sail(paint: Paintbox, edge: Points, cloth: Floats, seams: int) -> Piece:
    """Cloth that bellies: bright where it swells towards us, with the seams of its panels; the sky shines through."""
    low, high = edge.min(0), edge.max(0)
    through = mix(cloth, paint.shining(np.clip(paint.sky * 1.05, 0, 1)), 0.20)
    lines = tuple(
        Patch(outline((low[0] - 1, y), (high[0] + 1, y - 0.25)), cloth * 0.6, 0.0, 0.32, 0.035)
        for y in np.linspace(low[1], high[1], seams + 2)[1:-1]
    )
    fold = Patch(bar((high[0], low[1] - 1), (high[0] - 0.2, high[1]), 0.9, 0.2), cloth * 0.62, 0.35, 0.6)
    return Piece(edge, through, (fold, *lines), 0.16)


def sailboat(paint: Paintbox, own: Floats) -> list[Piece]:
    share = np.linspace(0, 1, 14)
    main = np.concatenate(
        [
            outline((-0.1, 10.4), (-0.15, 2.0)),
            np.stack(
                [-4.2 + 4.1 * share - 0.75 * np.sin(share * math.pi) ** 0.8 * (1 - 0.3 * share), 1.8 + 8.6 * share], 1
            ),
        ]
    )
    jib = np.concatenate(
        [
            outline((0.2, 9.4), (0.5, 1.9)),
            np.stack([4.6 - 4.5 * share + 0.35 * np.sin(share * math.pi), 1.2 + 8.2 * share], 1),
        ]
    )
    hull = curve("-4.6,1.15! -3,1.05 0,1 3.4,1.25 5.3,1.55! 4.4,0.4 3.2,-0.35 -3.6,-0.35 -4.3,0.2")
    cabin = curve("-2.2,1! -2,1.62 0.6,1.66 1.6,1.12!")
    return [
        Piece(bar((0.05, 1.0), (-0.05, 10.8), 0.16, 0.08), WOOD, (), 0.03),
        Piece(bar((-0.05, 10.6), (5.2, 1.5), 0.035), ROPE, (), 0.0),
        Piece(bar((-0.05, 10.6), (-4.5, 1.1), 0.03), ROPE, (), 0.0),
        _sail(paint, main, own, 5),
        _sail(paint, jib, own * 0.96, 4),
        Piece(bar((0.0, 1.9), (-4.3, 1.75), 0.14), WOOD, (), 0.03),
        Piece(curve("-0.1,10.8 -0.9,10.95 -0.85,10.6 -0.1,10.5"), RED, (), 0.0),
        Piece(cabin, WHITE, (), 0.08),
        *(paint.glass(box(x, 1.22, x + 0.5, 1.48), lit=True) for x in (-1.7, -0.9, -0.1)),
        _hull(paint, hull, from_hex("5a2c20"), from_hex("f0e4cc"), 1.25, 0.22),
    ]


def ship(paint: Paintbox, own: Floats) -> list[Piece]:
    """A freighter with its deck full of containers."""
    hull = curve("-30,6.2! -29.5,2 -28.4,-0.9! 27,-0.9! 29.5,3 31.5,8! 24,6.4 0,5.9", 3)
    red_lead = Patch(box(-99, -9, 99, 0.9), from_hex("8a2a22"), 0.05, 1.0)
    pieces = [
        Piece(
            box(-25, 5.5, -15.5, 15.0), WHITE, (Patch(box(-99, 13, 0, 99), paint.mirror(WHITE, 0.5), 0.8, 0.5),), 0.5
        ),
        Piece(box(-26.4, 15.0, -14.6, 17.4), WHITE, (), 0.3),
        Piece(
            curve("-23.6,17.2! -23.2,22 -20.4,22 -20,17.2!", 3),
            RED,
            (Patch(box(-99, 20.6, 0, 99), INK, 0.05, 0.9),),
            0.5,
        ),
        Piece(bar((-17.0, 17.4), (-17.0, 23.5), 0.35), STEEL, (), 0.1),
        Piece(bar((22.5, 6.0), (22.5, 17.0), 0.6, 0.3), STEEL, (), 0.12),
    ]
    tones = ("b5552c", "2f6a8a", "8a8f3f", "c8a23a", "7a3a4a", "4a7a5a")
    for column in range(8):
        for row in range(3 if column % 3 else 2):
            left, low = -13.0 + 4.15 * column, 5.7 + 2.35 * row
            ribs = tuple(
                Patch(outline((left + 0.5 * n, low), (left + 0.5 * n, low + 2.3)), INK, 0.0, 0.22, 0.08)
                for n in range(1, 8)
            )
            pieces.append(
                Piece(box(left, low, left + 4.0, low + 2.25), from_hex(tones[(column * 2 + row * 3) % 6]), ribs, 0.12)
            )
    panes = [
        box(-24.2 + 1.5 * column, 7.2 + 2.6 * row, -23.3 + 1.5 * column, 8.3 + 2.6 * row)
        for row in range(3)
        for column in range(6)
    ]
    pieces += [paint.glass(pane, lit=True) for pane in panes]
    pieces.append(paint.glass(box(-25.8, 15.6, -15.2, 16.8), lit=False))
    body = _hull(paint, hull, own, from_hex("e8ecf0"), 6.2, 0.9)
    pieces.append(Piece(body.outline, body.colour, (*body.patches, red_lead), body.roundness))
    return pieces


def _boatman(x: float, deck: float, pole: bool, coat: str = "5a4a3a") -> list[Piece]:
    """A man in a straw hat who stands on the deck and leans on his pole or oar, in the manner of old paintings."""
    robe = rounded(
        (
            (x - 0.20, deck),
            (x - 0.26, deck + 0.55),
            (x - 0.22, deck + 1.20),
            (x - 0.02, deck + 1.38),
            (x + 0.18, deck + 1.20),
            (x + 0.16, deck + 0.55),
            (x + 0.14, deck),
        )
    )
    arm = rounded(
        (
            (x - 0.04, deck + 1.26),
            (x + 0.16, deck + 1.20),
            (x + 0.50, deck + 0.98),
            (x + 0.46, deck + 0.88),
            (x + 0.10, deck + 0.98),
        )
    )
    hat = rounded(
        (
            (x - 0.42, deck + 1.50),
            (x - 0.42, deck + 1.50),
            (x, deck + 1.84),
            (x, deck + 1.84),
            (x + 0.44, deck + 1.50),
            (x + 0.44, deck + 1.50),
            (x, deck + 1.44),
        ),
        3,
    )
    stick = (
        bar((x + 0.78, deck + 2.3), (x + 0.10, -0.5), 0.05)
        if pole
        else bar((x + 0.50, deck + 1.10), (x - 1.4, -0.4), 0.06)
    )
    return [
        Piece(stick, from_hex("8a7a4a"), (), 0.01),
        Piece(robe, from_hex(coat), (), 0.06),
        Piece(disc(x + 0.03, deck + 1.46, 0.14), from_hex("b98a68"), (), 0.04),
        Piece(arm, from_hex(coat) * 1.15, (), 0.04),
        Piece(hat, from_hex("c8a868"), (), 0.05),
    ]


def rowing_boat(paint: Paintbox, own: Floats) -> list[Piece]:
    """A small wooden boat and the man who poles it."""
    hull = curve("-2.9,0.82! -1.6,0.46 0,0.38 1.6,0.48 3,0.95! 2.3,0 1.6,-0.2 -1.7,-0.2 -2.4,0.05")
    body = _hull(paint, hull, own, mix(own, WHITE, 0.35), 0.62, 0.10)
    return [
        *_boatman(-1.55, 0.42, pole=True),
        Piece(curve("-2.6,0.66 -0.5,0.52 1.4,0.56 2.7,0.8 1.2,0.42 -1.4,0.36"), INK, (), 0.0),
        Piece(body.outline, body.colour, (*body.patches, *_planks(hull, 3, INK, -0.05, 0.35)), body.roundness),
    ]


def awning_boat(paint: Paintbox, own: Floats) -> list[Piece]:
    """Of the canals of Jiangnan: low, black, arched mats for a roof, a lantern, a man at the oar."""
    hull = curve("-4.4,0.95! -2.4,0.48 0,0.38 2.6,0.5 4.5,1.05! 3.6,0.05 2.6,-0.22 -2.6,-0.22 -3.6,0.05")
    arch = curve("-1.9,0.4! -1.85,1.15 -1.5,1.42 1.5,1.42 1.95,1.15 2,0.4!")
    ribs = tuple(Patch(outline((x, 0.4), (x, 1.5)), own * 2.2, 0.01, 0.55, 0.05) for x in np.linspace(-1.7, 1.8, 8))
    weave = tuple(Patch(outline((-2, y), (2.1, y)), own * 1.8, 0.0, 0.35, 0.02) for y in np.linspace(0.5, 1.4, 9))
    mouth = curve("1.55,0.45! 1.6,1.1 1.8,1.22 1.94,1.05 1.98,0.45!")
    inside = paint.lit_pane(mouth, from_hex("ffb45a")) if paint.dark else Piece(mouth, INK, (), 0.0)
    body = _hull(paint, hull, own, from_hex("7a5a3a"), 0.62, 0.12)
    return [
        *_boatman(-3.0, 0.56, pole=False, coat="3a4a5a"),
        Piece(arch, own * 1.3, (*weave, *ribs), 0.24),
        inside,
        Piece(bar((2.6, 0.5), (2.6, 1.5), 0.05), WOOD, (), 0.0),
        Piece(
            disc(2.6, 1.22, 0.15, 0.18),
            paint.shining(from_hex("ff7a3a")) if paint.dark else from_hex("c8382a"),
            (),
            0.03,
        ),
        Piece(body.outline, body.colour, (*body.patches, *_planks(hull, 3, INK, -0.05, 0.35)), body.roundness),
    ]


def raft(paint: Paintbox, own: Floats) -> list[Piece]:
    """Bamboo trunks lashed together, turned up at the bow."""
    pieces = _boatman(-1.2, 0.24, pole=True, coat="4a5a6a")
    for number, lift in enumerate((0.16, 0.08, 0.0)):
        pole = rounded(
            (
                (-3.3, -0.04 + lift),
                (-3.3, 0.12 + lift),
                (2.0, 0.12 + lift),
                (3.0, 0.34 + lift),
                (3.7, 0.86 + lift),
                (3.8, 0.74 + lift),
                (3.1, 0.18 + lift),
                (2.1, -0.04 + lift),
            ),
            4,
        )
        rings = tuple(
            Patch(outline((x, -0.2), (x, 0.6)), own * 0.5, 0.0, 0.6, 0.03)
            for x in np.arange(-3.1 + 0.2 * number, 3.0, 0.75)
        )
        pieces.append(Piece(pole, own * (0.8 + 0.12 * number), rings, 0.06))
    pieces += [Piece(bar((x, 0.32), (x, -0.08), 0.10), ROPE, (), 0.02) for x in (-2.6, -0.2, 1.9)]
    basket = curve("0.5,0.26 0.42,0.56 0.5,0.72 1,0.72 1.08,0.56 1,0.26")
    return [*pieces, Piece(basket, from_hex("a07a44"), (), 0.06)]


def _wake(role: Role, length: float) -> Cutout:
    """Foam at the bow and a fading band of it behind, as seen from low over the water."""
    rows, columns = WAKE_ART
    along = np.linspace(-1.7, 0.56, columns, dtype=np.float32)[None]  # hull lengths from its middle, forward
    across = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    behind = np.clip(0.50 - along, 0, None)
    arm = 0.10 + 0.36 * behind
    line = np.exp(-(((np.abs(across) - arm) / (0.05 + 0.05 * behind)) ** 2)) * np.exp(-behind * 1.3) * 0.7
    churn = np.exp(-((across / 0.22) ** 2)) * np.asarray(smoothstep(0.55, 0.8, behind)) * np.exp(-behind * 1.1) * 0.55
    skirt = np.exp(-((across / 0.16) ** 2)) * np.clip((0.25 - np.abs(along) ** 4 * 4), 0, 1) * 1.6
    edge = (
        np.clip((along + 1.7) * 2.2, 0, 1)
        * np.clip((0.56 - along) * 16, 0, 1)
        * np.clip((1 - np.abs(across)) * 5, 0, 1)
    )
    cover = np.clip(line + churn + skirt, 0, 0.75) * edge
    palette = role.brief.palette
    white = np.clip(mix(palette.haze, palette.light, 0.35) * (0.75 if palette.dark else 1.05), 0, 1)
    step_x, high = 2.26 * length / columns, 0.13 * length
    pixels = np.dstack([to_pixels(cover[..., None] * white), to_pixels(cover)])
    return Cutout(pixels, np.array([[step_x, 0.0, -1.7 * length], [0.0, -high / rows, high * 0.42]]))


def _afloat(vessel: Vessel) -> Callable[[Member], Machine]:
    def build(member: Member) -> Machine:
        role = member.role
        unit_px = role.size * vessel.share / vessel.height * (1 - BEHIND * min(3, member.index))
        unit_px = min(unit_px, 0.72 * role.canvas.width / vessel.length)
        facing = role.setting.heading
        paint = paintbox(role, facing)
        art = draw_cutout(vessel.build(paint, role.colour(vessel.colour)), paint.light, unit_px)
        wet = role.where == "water"
        mirror, wake = (mirrored_in_water(art), _wake(role, vessel.length)) if wet else (None, None)
        speed = passing_speed(role, vessel.pace * role.size, 0.5)
        row = role.y if wet else role.setting.foot(member.x)

        def at(seconds: float) -> tuple[float, float]:
            return member.x + facing * speed * (seconds - role.middle) * (1.0 if wet else 0.0), row

        def cards(seconds: float) -> list[Card]:
            if mirror is None or wake is None:
                return [(art, place(0.0, 0.0))]
            bob = 0.010 * vessel.length * math.sin(seconds * 1.3 + member.phase)
            roll = vessel.heel * (math.sin(seconds * 0.9 + member.phase) + 0.4 * math.sin(seconds * 1.7))
            shown = rippled(mirror, seconds, vessel.length)
            return [(shown, turned(0.0, 0.0, -0.5 * roll)), (wake, place(0.0, 0.0)), (art, turned(0.0, bob, roll))]

        def matrix(seconds: float) -> Matrix:
            return upright(*at(seconds), unit_px, facing)

        plumes = (_funnel_smoke(role, vessel.smokes, at, unit_px, facing),) if vessel.smokes else ()
        lights = (_lantern(vessel.lantern),) if vessel.lantern and paint.dark else ()
        return Machine(role.where, role.setting, cards, matrix, plumes, (), lights)

    return build


def _lantern(at: tuple[float, float]) -> Shine:
    return round_shine(
        to_pixels(lamp_glow(24, from_hex("ff9a4a"))), *at, 1.4, lambda seconds: 0.85 + 0.08 * math.sin(seconds * 5.3)
    )


def _funnel_smoke(
    role: Role, funnel: tuple[float, float], at: Callable[[float], tuple[float, float]], unit_px: float, facing: float
) -> Plume:
    lit, shade = steam_colours(role.brief.palette)
    grey = build_puffs(role.rng, lit * 0.72, shade * 0.55, role.setting.light.towards)

    def source(seconds: float) -> tuple[float, float]:
        x, y = at(seconds)
        return x + facing * funnel[0] * unit_px, y - funnel[1] * unit_px

    wind = role.brief.reading.wind
    return Plume(
        grey,
        source,
        0.30,
        4.5,
        9.0 * unit_px,
        (-facing * 3.0 * unit_px * wind, -0.9 * unit_px),
        (0.0, -4.0 * unit_px),
        0.8,
        0.42,
    )


def _submarine(member: Member) -> Machine:
    role = member.role
    unit_px = min(role.size * 0.62 / 9.0, 0.6 * role.canvas.width / 44) * (1 - BEHIND * min(3, member.index))
    facing = role.setting.heading
    paint = paintbox(role, facing)
    light = submerged(role)
    grey = role.colour("3f4c58")
    hull = curve("-20,0.6 -19,1.6 -10,3.4 10,3.5 18,2.6 21,0 18,-2.6 10,-3.4 -10,-3.2 -19,-0.8")
    sail = curve("1,3! 1.4,7 2.4,7.4 7,7.4 8,6.6 8.4,3!")
    seam = tuple(Patch(outline((x, -4), (x, 4)), INK, 0.0, 0.25, 0.08) for x in np.arange(-15, 18, 4.2))
    ports = [Piece(disc(x, 0.9, 0.48), paint.shining(from_hex("ffd890")), (), 0.0) for x in (8.0, 10.4, 12.8)]
    pieces = [
        Piece(bar((4.6, 7.2), (4.6, 9.4), 0.35), IRON, (), 0.1),
        Piece(
            curve("-20,0.4! -21.5,5 -18.5,5 -15,1.6!", 3),
            grey * 0.8,
            (),
            0.4,
        ),
        Piece(
            curve("-20,0.2! -21,-4.2 -18.5,-4.2 -15,-1!", 3),
            grey * 0.7,
            (),
            0.4,
        ),
        Piece(sail, grey, (), 0.7),
        Piece(hull, grey, (*seam, Patch(box(-99, -9, 99, -1.6), grey * 0.4, 1.2, 0.8)), 2.2),
        Piece(bar((-0.6, 5.2), (4.2, 5.2), 0.6), grey * 0.7, (), 0.2),
        *ports,
        paint.lamp(disc(19.4, 0.8, 0.5), LAMP, LAMP),
    ]
    art = draw_cutout(pieces, light, unit_px)
    blade = draw_cutout([Piece(disc(0, 0, 0.45, 2.6), from_hex("a08a4a"), (), 0.1)], light, unit_px)
    speed = passing_speed(role, 0.45 * role.size, 0.5)
    x0 = member.x

    def cards(seconds: float) -> list[Card]:
        spin = math.cos(seconds * 7.0)
        return [(blade, turned(-21.0, 0.5, 0.0, 1.0, 0.15 + 0.85 * abs(spin))), (art, place(0.0, 0.0))]

    def matrix(seconds: float) -> Matrix:
        gone = seconds - role.middle
        y = role.y + 0.03 * role.size * math.sin(seconds * 0.6 + member.phase) + 0.24 * role.size * member.index
        return upright(x0 + facing * speed * gone, y, unit_px, facing, 0.02 * math.sin(seconds * 0.5))

    beam = Shine(
        beam_light(LAMP * 0.7, 0.22), np.array([[34 / 128, 0.0, 20.0], [-4.0 / 128, -15 / 64, 8.3]]), steady(0.9)
    )
    bubbles = _bubbles(role, matrix, unit_px)
    return Machine(role.where, role.setting, cards, matrix, (bubbles,), (), (beam,))


def _bubbles(role: Role, matrix: Callable[[float], Matrix], unit_px: float) -> Plume:
    foam = build_puffs(role.rng, np.array([0.80, 0.95, 1.0]), np.array([0.35, 0.62, 0.72]), (0.2, -0.95))

    def source(seconds: float) -> tuple[float, float]:
        own = matrix(seconds)
        return float(own[0, 0] * -22.0 + own[0, 2]), float(own[1, 0] * -22.0 + own[1, 2])

    return Plume(foam, source, 0.12, 1.8, 4.0 * unit_px, (0.0, -1.6 * unit_px), (0.0, 0.0), 0.5, 0.34)


VESSELS = {
    "sailboat": Vessel(sailboat, "f4ead2", 10.0, 11.0, 1.10, 0.10, heel=0.028),
    "ship": Vessel(ship, "27384a", 61.0, 23.0, 0.62, 0.09, heel=0.004, smokes=(-21.8, 22.2)),
    "rowboat": Vessel(rowing_boat, "6a4428", 6.0, 2.3, 0.74, 0.09),
    "awning_boat": Vessel(awning_boat, "2a2420", 9.0, 2.5, 0.70, 0.08, lantern=(2.6, 1.22)),
    "raft": Vessel(raft, "a8a05a", 7.2, 2.2, 0.70, 0.10),
}

CASTINGS: Castings = MappingProxyType(
    {**{kind: one_by_one(_afloat(vessel)) for kind, vessel in VESSELS.items()}, "submarine": one_by_one(_submarine)}
)
