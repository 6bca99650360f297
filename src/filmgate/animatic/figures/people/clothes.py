"""What people wear: trunk, sleeves, trousers and shoes, and the cloth that swings: skirts, capes, scarves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.people.figure import Air, Drape
from filmgate.animatic.figures.people.rig import Piece, in_space, limb, on_bone, on_front, oval, smooth, two_views
from filmgate.animatic.figures.people.skeleton import Build, Frame, Seen, Stance
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.raster import Floats, Points

INK = from_hex("241a1e")
Profile = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """How someone is dressed. Lengths are in body heights below the hip joint; `hem` 0 is trousers only."""

    skin: Floats
    top: Floats
    legs: Floats
    shoes: Floats
    hair: Floats
    accent: Floats
    hair_style: str = "short"
    hat: str | None = None
    beard: Floats | None = None
    hem: float = 0.0
    flare: float = 0.05  # how much wider the hem is than the legs, in body heights
    skirt: Floats | None = None  # its colour, if it is not the top's
    slender: bool = False
    bare_legs: bool = False
    short_sleeves: bool = False
    scarf: bool = False
    cape: Floats | None = None
    backpack: Floats | None = None
    stout: float = 1.0  # how thick limbs are
    wide_sleeves: float = 0.0  # how much wider a robe's sleeve is at the wrist, in body heights


# Along the trunk from the hip joint (0) to the neck (1): how far it reaches forwards and backwards, half its breadth.
TRUNK = ((-0.20, 0.056, 0.062, 0.070), (-0.06, 0.058, 0.070, 0.072), (0.16, 0.055, 0.060, 0.067),
         (0.38, 0.054, 0.048, 0.063), (0.62, 0.064, 0.052, 0.074), (0.80, 0.066, 0.060, 0.086),
         (0.92, 0.052, 0.062, 0.088), (0.98, 0.040, 0.050, 0.062), (1.01, 0.016, 0.026, 0.026))  # fmt: skip
SLENDER = ((-0.20, 0.058, 0.066, 0.074), (-0.06, 0.058, 0.074, 0.075), (0.16, 0.050, 0.056, 0.064),
           (0.38, 0.045, 0.042, 0.051), (0.62, 0.062, 0.044, 0.062), (0.78, 0.066, 0.050, 0.071),
           (0.92, 0.044, 0.052, 0.075), (0.98, 0.034, 0.042, 0.052), (1.01, 0.014, 0.022, 0.022))  # fmt: skip
UPPER_ARM: Profile = ((0.0, 0.033, 0.035), (0.25, 0.034, 0.036), (0.7, 0.027, 0.029), (1.0, 0.025, 0.026))
FOREARM: Profile = ((0.0, 0.025, 0.026), (0.3, 0.026, 0.026), (1.0, 0.019, 0.019))
THIGH: Profile = ((0.0, 0.055, 0.062), (0.4, 0.055, 0.054), (1.0, 0.038, 0.036))
SHIN: Profile = ((0.0, 0.038, 0.036), (0.28, 0.034, 0.044), (0.62, 0.027, 0.032), (1.0, 0.023, 0.024))
# A mitten with a thumb: across the hand (thumb forwards) and along it from the wrist.
HAND = ((-0.016, -0.006), (0.015, -0.006), (0.021, 0.012), (0.034, 0.026), (0.031, 0.040), (0.019, 0.034),
        (0.018, 0.052), (0.004, 0.064), (-0.012, 0.058), (-0.019, 0.030))  # fmt: skip
# A shoe from the side and from the front, about the ankle.
SHOE_SIDE = ((-0.036, -0.034), (0.066, -0.034), (0.086, -0.026), (0.070, -0.006), (0.030, 0.010), (0.024, 0.034),
             (-0.026, 0.034), (-0.038, -0.008))  # fmt: skip
SHOE_ACROSS = (0.027, 0.027, 0.031, 0.028, 0.023, 0.022, 0.022, 0.031)


def body_pieces(cut: Cut, build: Build) -> list[Piece]:
    """Trunk and limbs, dressed."""
    trunk = trunk_outline(SLENDER if cut.slender else TRUNK, build)
    collar = two_views(oval(0.046, 0.016, 0.006, build.torso, 14), oval(0.050, 0.016, 0.0, build.torso, 14))
    pieces = [
        Piece("trunk", Frame.TRUNK, trunk, cut.top),
        Piece("collar", Frame.TRUNK, collar, cut.top * 0.82, rounded=False),
    ]
    for side in "RL":
        pieces += _leg(cut, side)
        pieces += _arm(cut, side)
    if cut.backpack is not None:
        pieces += _backpack(cut.backpack, build)
    return pieces


def trunk_outline(rows: tuple[tuple[float, float, float, float], ...], build: Build) -> Floats:
    heights = [row[0] * build.torso for row in rows]
    wide = build.shoulders / 0.078
    side = [
        *zip((row[1] for row in rows), heights, strict=True),
        *reversed([(-row[2], row[0] * build.torso) for row in rows]),
    ]
    front = [*zip((row[3] * wide for row in rows), heights, strict=True),
             *reversed([(-row[3] * wide, row[0] * build.torso) for row in rows])]  # fmt: skip
    return two_views(smooth(side, 48), smooth(front, 48))


def thick(profile: Profile, factor: float) -> Profile:
    return tuple((share, front * factor, back * factor) for share, front, back in profile)


def shoe_outline(size: float = 1.0) -> Floats:
    """Corners for a FOOT frame: (forward, breadth, up, 0, 1)."""
    across = np.abs(SHOE_ACROSS) * np.sign(np.array(SHOE_SIDE)[:, 0])
    side = np.array(SHOE_SIDE)
    return in_space(side[:, 0] * size, across * size, side[:, 1] * size)


def _leg(cut: Cut, side: str) -> list[Piece]:
    group, slim = f"leg_{side}", (0.90 if cut.slender else 1.0) * cut.stout
    thigh, shin, foot = Frame[f"THIGH_{side}"], Frame[f"SHIN_{side}"], Frame[f"FOOT_{side}"]
    cloth = cut.skin if cut.bare_legs else cut.legs
    return [
        Piece(group, foot, shoe_outline(cut.stout), cut.shoes),
        Piece(group, shin, limb(thick(SHIN, slim * (0.86 if cut.bare_legs else 1.0))), cloth),
        Piece(group, thigh, limb(thick(THIGH, slim)), cloth),
    ]


def _arm(cut: Cut, side: str) -> list[Piece]:
    group, slim = f"arm_{side}", (0.86 if cut.slender else 1.0) * cut.stout
    upper, lower, hand = Frame[f"UPPER_ARM_{side}"], Frame[f"FOREARM_{side}"], Frame[f"HAND_{side}"]
    forearm = cut.skin if cut.short_sleeves else cut.top
    return [
        Piece(group, hand, on_bone(smooth(HAND, 30) * (0.95 if cut.slender else 1.05)), cut.skin),
        Piece(group, lower, limb(thick(FOREARM, slim * (0.88 if cut.short_sleeves else 1.0))), forearm),
        Piece(group, upper, limb(thick(UPPER_ARM, slim * (1.12 if cut.wide_sleeves else 1.0))), cut.top),
        *([Piece(group, lower, _wide_sleeve(cut.wide_sleeves), cut.top)] if cut.wide_sleeves else []),
    ]


def _wide_sleeve(wider: float) -> Floats:
    return limb(((0.0, 0.030, 0.032), (0.5, 0.034, 0.034 + wider * 0.5), (0.96, 0.032, 0.032 + wider)), cap=False)


def _backpack(colour: Floats, build: Build) -> list[Piece]:
    low, high = 0.10 * build.torso, 0.98 * build.torso
    side = smooth(((-0.040, high), (-0.110, high * 0.98), (-0.145, low + 0.09), (-0.135, low), (-0.050, low)), 30)
    front = smooth(((0.070, high), (-0.070, high), (-0.082, low + 0.09), (-0.075, low), (0.075, low)), 30)
    roll = two_views(oval(0.040, 0.034, -0.085, high + 0.03), oval(0.095, 0.034, 0.0, high + 0.03))
    strap = two_views(
        np.array(
            [
                (0.020, high + 0.01),
                (0.062, high * 0.78),
                (0.050, high * 0.45),
                (0.036, high * 0.46),
                (0.044, high * 0.76),
                (0.0, high),
            ]
        ),
        np.array(
            [
                (0.066, high + 0.01),
                (0.064, high * 0.78),
                (0.074, high * 0.45),
                (0.056, high * 0.46),
                (0.046, high * 0.76),
                (0.046, high),
            ]
        ),
    )
    return [
        Piece("behind", Frame.TRUNK, roll, colour * 0.7),
        Piece("behind", Frame.TRUNK, two_views(side, front), colour),
        Piece("collar", Frame.TRUNK, strap, colour * 0.7, rounded=False),
    ]


def skirt(colour: Floats, length: float, flare: float) -> Drape:
    """A skirt, dress or coat below the waist: the hull of what it must cover, its hem flared and swinging."""

    def draw(stance: Stance, air: Air, part: int) -> list[Shape]:
        swing = math.sin(air.phase) * min(1.0, air.speed) * 0.018 + 0.008 * math.sin(air.seconds * 1.9) * air.wind
        back = -math.cos(stance.yaw)
        trail = back * (0.012 + 0.030 * air.speed) * flare / 0.05 + 0.012 * (air.wind - 1) * back
        wide = 0.070 + 0.006 * abs(math.sin(stance.yaw))
        hip_x, hip_y = stance.hip
        lean = stance.bones.lean
        up = (math.sin(lean) * math.cos(stance.yaw), math.cos(lean))
        waist_x, waist_y = hip_x + up[0] * 0.085, hip_y + up[1] * 0.085
        corners = [(waist_x - 0.050, waist_y), (waist_x + 0.050, waist_y), (hip_x - wide, hip_y), (hip_x + wide, hip_y)]
        lowest = 0.035
        for side in (0, 1):
            for along, spread in ((0.45, 0.062), (0.75, 0.060 + flare * 0.5), (1.0, 0.056 + flare)):
                x, y = _down_the_leg(stance, side, length * along)
                drift = (swing + trail) * along
                corners += [(x - spread + drift, max(lowest, y)), (x + spread + drift, max(lowest, y + 0.006 * along))]
        hull = np.asarray(cv2.convexHull(np.array(corners, np.float32)), np.float64).reshape(-1, 2)
        return [Shape(rounded_off(hull), colour, part=part)]

    return draw


def _down_the_leg(stance: Stance, side: int, length: float) -> Seen:
    """The point that is `length` down the leg from the hip, which may be below the knee."""
    build, hip, knee, ankle = stance.bones.build, stance.hips[side], stance.knees[side], stance.ankles[side]
    if length <= build.thigh:
        share, start, end = length / build.thigh, hip, knee
    else:
        share, start, end = (length - build.thigh) / build.shin, knee, ankle
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def rounded_off(corners: Points) -> Points:
    """A closed outline with its corners cut twice (Chaikin): cloth has no points."""
    for _ in range(2):
        following = np.roll(corners, -1, 0)
        corners = np.stack([corners * 0.8 + following * 0.2, corners * 0.2 + following * 0.8], 1).reshape(-1, 2)
    return corners


RIBBON = np.linspace(0, 1, 12)


def ribbon(
    root: Seen,
    away: float,
    length: float,
    widths: tuple[float, float],
    air: Air,
    stiff: float = 1.0,
    lying: float = 0.0,
) -> Points:
    """A strip that hangs from `root` and streams to the side `away` (-1..1) the faster the figure and the wind are.

    `lying` (0..1): how far all of it streams, as from the back of someone who flies.
    """
    stream = min(1.45 + 0.06 * lying, (0.10 + 0.16 * air.wind + 0.42 * air.speed) / stiff) * away
    wave = air.seconds * (2.4 + 0.9 * air.wind) + air.phase * 0.5
    start = 0.55 + 0.45 * lying
    bend = stream * (start + (1 - start) * RIBBON) + (0.10 + 0.07 * air.wind) / stiff * RIBBON * np.sin(
        wave - 3.6 * RIBBON
    )
    step = length / (len(RIBBON) - 1)
    x = root[0] + step * np.cumsum(np.sin(bend))
    y = root[1] - step * np.cumsum(np.cos(bend))
    half = widths[0] + (widths[1] - widths[0]) * RIBBON
    across_x, across_y = np.cos(bend) * half, np.sin(bend) * half
    rounding = np.array([1.0] * 10 + [0.9, 0.5])
    return np.concatenate(
        [
            np.stack([x - across_x * rounding, y - across_y * rounding], 1),
            np.stack([x + across_x * rounding, y + across_y * rounding], 1)[::-1],
        ]
    )


def cape(colour: Floats, length: float = 0.62, width: float = 0.085) -> Drape:
    """Cloth from the shoulders that streams behind, and lies along the back of someone who flies."""

    def draw(stance: Stance, air: Air, part: int) -> list[Shape]:
        away, lean = -math.cos(stance.yaw), max(0.0, stance.bones.lean)
        root = (stance.neck[0] + away * 0.030 * math.cos(lean), stance.neck[1] - 0.012 + 0.050 * math.sin(lean))
        flown = Air(air.seconds, air.phase, air.wind, max(air.speed, lean * 3.2))
        spread = width * (0.75 + 0.35 * abs(math.sin(stance.yaw)))
        widths = (spread * 0.75, spread * 1.5 * (1 - 0.45 * min(1.0, lean)))
        lying = min(1.0, lean)
        return [Shape(ribbon(root, away or -1.0, length, widths, flown, 1.2 - 0.25 * lying, lying), colour, part=part)]

    return draw


def scarf(colour: Floats) -> tuple[Drape, Piece]:
    """Round the neck, and an end that flies."""

    def draw(stance: Stance, air: Air, part: int) -> list[Shape]:
        away = -math.cos(stance.yaw)
        root = (stance.neck[0] + away * 0.035, stance.neck[1] + 0.004)
        return [Shape(ribbon(root, away, 0.24, (0.020, 0.026), air, 0.7), colour * 0.92, part=part)]

    ring = oval(0.050, 0.024, 0.004, 0.002, 18)
    return draw, Piece("over_neck", Frame.NECK, on_bone(ring), colour)


def emblem(colour: Floats) -> Piece:
    """A superhero's sign on the chest."""
    star = np.array([(0.0, 0.215), (0.042, 0.190), (0.030, 0.150), (0.0, 0.125), (-0.030, 0.150), (-0.042, 0.190)])
    return Piece("trunk", Frame.TRUNK, on_front(star, 0.066), colour, rounded=False, azimuth=0.0)


def belt(colour: Floats) -> Piece:
    side, front = oval(0.066, 0.014, -0.004, 0.004, 14), oval(0.074, 0.014, 0.0, 0.004, 14)
    return Piece("trunk", Frame.TRUNK, two_views(side, front), colour, rounded=False)


def lapels(shirt: Floats) -> list[Piece]:
    """A coat that is open at the neck, and its seam."""
    opening = np.array([(-0.030, 0.262), (0.0, 0.150), (0.030, 0.262), (0.0, 0.272)])
    seam = np.array([(-0.0025, 0.150), (0.0025, 0.150), (0.0025, -0.05), (-0.0025, -0.05)])
    return [
        Piece("trunk", Frame.TRUNK, on_front(opening, 0.062), shirt, rounded=False, azimuth=0.0),
        Piece("trunk", Frame.TRUNK, on_front(seam, 0.060), shirt * 0.35, rounded=False, azimuth=0.0),
    ]
