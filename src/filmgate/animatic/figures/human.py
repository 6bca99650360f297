"""People and astronauts: two-bone limbs, a gait whose feet stay where they step, and the way up from the ground.

A pose is angles only. The body is then set down so that its lowest part touches the ground, which makes every pose,
and every blend of two, stand believably.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from filmgate.animatic.colour import from_hex, smoothstep
from filmgate.animatic.figures.performance import Gait, State
from filmgate.animatic.figures.puppet import Point, Shape, capsule, ellipse, outline, point, polar
from filmgate.animatic.raster import Floats

HUMAN_GAIT = Gait({"walk": 0.78, "run": 2.1}, {"walk": 0.80, "run": 1.55})
MOON_GAIT = Gait({"walk": 0.42, "run": 0.75, "jump": 0.30}, {"walk": 0.78, "run": 1.1}, slowness=1.25)

THIGH, SHIN, FOOT = 0.245, 0.235, 0.075
UPPER_ARM, FOREARM = 0.165, 0.155
TORSO, NECK, HEAD = 0.30, 0.075, 0.062

# lean, thigh and knee of the near leg, of the far leg, shoulder and elbow of the near arm, of the far arm
STAND = np.array([0.02, 0.05, 0.06, -0.05, 0.03, 0.06, 0.18, -0.04, 0.14])
SIT = np.array([-0.22, 1.95, 1.72, 2.15, 1.95, -0.62, 0.12, 1.05, 0.45])
LEAN_FORWARD = np.array([0.55, 1.85, 2.10, 2.0, 2.25, 0.55, 0.35, 1.15, 0.30])
KNEEL = np.array([0.16, 1.50, 1.52, -0.06, 1.58, 0.95, 0.55, -0.10, 0.25])
CROUCH = np.array([0.62, 1.55, 2.02, 1.05, 2.05, 0.75, 0.45, 0.25, 0.40])
FLOAT = np.array([0.05, 0.42, 0.75, -0.12, 0.35, 1.15, 0.55, -0.75, 0.35])
RISE = (
    (0.0, SIT),
    (0.30, LEAN_FORWARD),
    (0.55, CROUCH),
    (0.78, np.array([0.30, 0.72, 0.98, 0.10, 0.55, 0.55, 0.4, 0.05, 0.3])),
    (1.0, STAND),
)
RISE_FROM_KNEES = ((0.0, KNEEL), (0.45, CROUCH), (1.0, STAND))


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Clothes and proportions. `bulk` thickens limbs: an astronaut's suit."""

    skin: Floats
    top: Floats
    legs: Floats
    hair: Floats
    bulk: float = 1.0
    coat: float = 0.0  # length below the hip
    long_hair: bool = False
    suit: bool = False
    umbrella: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Joints of one pose, feet on the ground."""

    hip: Point
    neck: Point
    head: Point
    knees: tuple[Point, Point]
    ankles: tuple[Point, Point]
    elbows: tuple[Point, Point]
    hands: tuple[Point, Point]
    lean: float


def pose(state: State) -> Floats:
    """The pose of a state: that of its action, blended with the one before."""
    now = _action_pose(state.action, state, state.share)
    if state.blend >= 1:
        return now
    earlier = _action_pose(state.before, state, 1.0)
    return earlier + (now - earlier) * state.blend


def skeleton(angles: Floats, bulk: float, lift: float = 0.0) -> Skeleton:
    """Joints from angles, set on the ground and raised by `lift`."""
    lean, thigh, knee, far_thigh, far_knee, arm, elbow, far_arm, far_elbow = (float(angle) for angle in angles)
    hip = point(0, 0)
    knees = (hip + polar(thigh, THIGH), hip + polar(far_thigh, THIGH))
    ankles = (knees[0] + polar(thigh - knee, SHIN), knees[1] + polar(far_thigh - far_knee, SHIN))
    neck = hip + np.array([math.sin(lean), math.cos(lean)]) * TORSO
    shoulder = neck - np.array([math.sin(lean), math.cos(lean)]) * 0.035
    elbows = (shoulder + polar(arm + lean * 0.5, UPPER_ARM), shoulder + polar(far_arm + lean * 0.5, UPPER_ARM))
    hands = (
        elbows[0] + polar(arm + lean * 0.5 + elbow, FOREARM),
        elbows[1] + polar(far_arm + lean * 0.5 + far_elbow, FOREARM),
    )
    head = neck + np.array([math.sin(lean * 0.6) + 0.08, 1.0]) * NECK
    lowest = min(
        float(hip[1]) - 0.085 * bulk,
        *(float(joint[1]) - 0.030 * bulk for joint in knees),
        *(float(joint[1]) - 0.022 * bulk for joint in ankles),
    )
    move = np.array([0.0, lift - lowest])
    return Skeleton(
        hip + move,
        neck + move,
        head + move,
        (knees[0] + move, knees[1] + move),
        (ankles[0] + move, ankles[1] + move),
        (elbows[0] + move, elbows[1] + move),
        (hands[0] + move, hands[1] + move),
        lean,
    )


def human_shapes(state: State, look: Look, *, low_gravity: bool = False) -> list[Shape]:
    """The figure at one moment, back to front, in body units."""
    angles = pose(state)
    bones = skeleton(angles, look.bulk, _lift(state, low_gravity))
    shift = _planted(state, angles, look.bulk)
    shapes = _suit(bones) if look.suit else _clothed(bones, look, state)
    return [Shape(shape.outline + shift, shape.colour, shape.rounded, shape.glow) for shape in shapes]


def _action_pose(action: str, state: State, share: float) -> Floats:
    seconds, phase = state.seconds, state.phase
    match action:
        case "walk" | "run":
            return _stride(phase, running=action == "run")
        case "sit":
            return SIT + np.array([0.02 * math.sin(seconds * 1.6), 0, 0, 0, 0, 0, 0, 0, 0])
        case "kneel":
            return KNEEL
        case "stand_up":
            return _between(RISE_FROM_KNEES if state.before == "kneel" else RISE, share)
        case "wave":
            swing = 0.35 * math.sin(seconds * 7)
            return STAND + np.array([0, 0, 0, 0, 0, 2.55, 0.25 + swing, 0, 0])
        case "float":
            slow, slower = math.sin(seconds * 0.7), math.sin(seconds * 0.5 + 1.0)
            return FLOAT + np.array([0.05, 0.12, 0.10, -0.10, 0.12, 0.16, 0.10, -0.18, 0.12]) * np.array(
                [slow, slow, slower, slower, slow, slower, slow, slow, slower]
            )
        case "jump":
            crouch = max(0.0, math.cos(seconds * 2 * math.pi / 1.3)) ** 2
            return STAND + (CROUCH - STAND) * 0.55 * crouch
        case _:
            return STAND + np.array([0.012, 0, 0, 0, 0, 0.03, 0, -0.03, 0]) * math.sin(seconds * 1.7)


def _stride(phase: float, *, running: bool) -> Floats:
    swing, bend, lean = (0.80, 1.45, 0.20) if running else (0.44, 0.85, 0.05)
    base_bend, elbow = (0.30, 1.35) if running else (0.09, 0.28)
    near, far = math.sin(phase), math.sin(phase + math.pi)
    near_lift, far_lift = max(0.0, math.cos(phase)) ** 1.3, max(0.0, math.cos(phase + math.pi)) ** 1.3
    return np.array(
        [
            lean,
            swing * near + 0.06,
            base_bend + bend * near_lift,
            swing * far + 0.06,
            base_bend + bend * far_lift,
            swing * 0.8 * far,
            elbow + 0.15 * far,
            swing * 0.8 * near,
            elbow + 0.15 * near,
        ]
    )


def _between(keys: tuple[tuple[float, Floats], ...], share: float) -> Floats:
    for (start, first), (end, second) in pairwise(keys):
        if share <= end:
            return first + (second - first) * smoothstep(start, end, share)
    return keys[-1][1]


def _lift(state: State, low_gravity: bool) -> float:
    """How far both feet are off the ground."""
    if state.action == "jump":
        return 0.22 * max(0.0, -math.cos(state.seconds * 2 * math.pi / 1.3)) ** 0.8 * state.blend
    if state.action == "run":
        return 0.035 * abs(math.sin(state.phase)) * state.blend
    if state.action == "walk" and low_gravity:
        return 0.045 * math.sin(state.phase) ** 2 * state.blend
    return 0.0


def _planted(state: State, angles: Floats, bulk: float) -> Point:
    """While one sits or gets up, the near foot stays where it will stand, and the body comes to it."""
    if state.action not in ("sit", "kneel", "stand_up") and (state.before not in ("sit", "kneel") or state.blend >= 1):
        return point(0, 0)
    foot = skeleton(angles, bulk).ankles[0][0]
    return point(float(skeleton(STAND, bulk).ankles[0][0] - foot), 0)


def _leg(
    bones: Skeleton, side: int, colour: Floats, shoe: Floats, thickness: tuple[float, float, float]
) -> list[Shape]:
    upper, middle, lower = thickness
    shin = bones.ankles[side] - bones.knees[side]
    pitch = math.atan2(float(shin[0]), float(-shin[1]))
    toe = bones.ankles[side] + np.array([math.cos(pitch * 0.6), math.sin(pitch * 0.6) * 0.9]) * FOOT
    return [
        Shape(capsule(bones.hip, bones.knees[side], upper, middle), colour),
        Shape(capsule(bones.knees[side], bones.ankles[side], middle, lower), colour),
        Shape(capsule(bones.ankles[side], toe, lower, lower * 0.75), shoe),
    ]


def _arm(
    bones: Skeleton, side: int, colour: Floats, hand: Floats, thickness: tuple[float, float, float]
) -> list[Shape]:
    upper, middle, lower = thickness
    shoulder = bones.neck - np.array([math.sin(bones.lean), math.cos(bones.lean)]) * 0.035
    grip = bones.hands[side] + (bones.hands[side] - bones.elbows[side]) * 0.08
    return [
        Shape(capsule(shoulder, bones.elbows[side], upper, middle), colour),
        Shape(capsule(bones.elbows[side], bones.hands[side], middle, lower), colour),
        Shape(ellipse(grip, lower * 1.15, lower * 1.15, 12), hand),
    ]


def _clothed(bones: Skeleton, look: Look, state: State) -> list[Shape]:
    legs, arms = (0.045, 0.034, 0.024), (0.030, 0.025, 0.019)
    dim = 0.72  # the far side is in shade
    shapes = _arm(bones, 1, look.top * dim, look.skin * dim, arms)
    shapes += _leg(bones, 1, look.legs * dim, look.hair * 0.5, legs)
    shapes += _leg(bones, 0, look.legs, look.hair * 0.6, legs)
    shapes.append(Shape(capsule(bones.hip + point(0, 0.01), bones.neck - point(0, 0.05), 0.058, 0.066), look.top))
    if look.coat > 0:
        sway = 0.04 * math.sin(state.phase) * min(1.0, state.effort)
        low = bones.hip[1] - look.coat
        x, y, neck = float(bones.hip[0]), float(bones.hip[1]), bones.neck
        hem = max(0.06, float(low))
        coat = outline(
            (float(neck[0]) - 0.06, float(neck[1]) - 0.03),
            (float(neck[0]) + 0.06, float(neck[1]) - 0.03),
            (x + 0.066, y),
            (x + 0.105 + sway, hem),
            (x - 0.115 + sway, hem),
            (x - 0.066, y),
        )
        shapes.append(Shape(coat, look.top, rounded=False))
    shapes.append(Shape(capsule(bones.neck - point(0, 0.02), bones.head, 0.026, 0.026), look.skin))
    if look.long_hair:
        flow = 0.012 * math.sin(state.phase)
        back = bones.head + point(-0.055 + flow, -0.10)
        shapes.append(Shape(capsule(bones.head + point(-0.012, 0.02), back, 0.058, 0.036), look.hair))
    shapes.append(Shape(ellipse(bones.head + point(0.004, 0.012), HEAD * 0.86, HEAD), look.skin))
    shapes.append(Shape(_cap_of_hair(bones.head), look.hair, rounded=False))
    if look.umbrella is not None:
        shapes += _umbrella(bones, look.umbrella, look.skin, look.top)
    else:
        shapes += _arm(bones, 0, look.top, look.skin, arms)
    return shapes


def _cap_of_hair(head: Point) -> Floats:
    turn = np.linspace(math.pi * 0.22, math.pi * 1.12, 16)
    crown = head + point(-0.002, 0.014)
    return crown + np.stack([np.cos(turn) * HEAD * 0.94, np.sin(turn) * HEAD * 1.08], 1)


def _umbrella(bones: Skeleton, colour: Floats, skin: Floats, sleeve: Floats) -> list[Shape]:
    shoulder = bones.neck - point(0, 0.035)
    elbow = shoulder + polar(0.75, UPPER_ARM)
    hand = elbow + polar(2.5, FOREARM * 0.9)
    middle = bones.head + point(0.05, 0.10)
    tip = middle + point(0, 0.13)
    turn = np.linspace(math.pi, 0, 24)
    dome = middle + np.stack([np.cos(turn) * 0.27, np.sin(turn) * 0.14], 1)
    along = np.linspace(0.27, -0.27, 24)
    hem = middle + np.stack([along, 0.028 * np.abs(np.sin(along / 0.27 * math.pi * 1.5))], 1)
    return [
        Shape(capsule(hand, tip, 0.006, 0.005), colour * 0.4, rounded=False),
        Shape(np.concatenate([dome, hem]), colour),
        Shape(capsule(shoulder, elbow, 0.030, 0.025), sleeve),
        Shape(capsule(elbow, hand, 0.025, 0.019), sleeve),
        Shape(ellipse(hand, 0.022, 0.022, 12), skin),
    ]


SUIT = from_hex("e9ebf0")
SUIT_SHADE = from_hex("aab0bc")
SUIT_TRIM = from_hex("d5653a")
VISOR = from_hex("1b2438")
VISOR_GLINT = from_hex("8fb6e8")
GOLD = from_hex("d9a441")


def _suit(bones: Skeleton) -> list[Shape]:
    """A pressure suit: thick limbs, a pack with life support, a helmet with a visor."""
    legs, arms = (0.078, 0.066, 0.056), (0.055, 0.048, 0.042)
    up = np.array([math.sin(bones.lean), math.cos(bones.lean)])
    back = np.array([-up[1], up[0]])
    pack_low, pack_high = bones.hip + up * 0.08 + back * 0.115, bones.neck - up * 0.01 + back * 0.115
    helmet = bones.neck + up * 0.095 + point(0.012, 0)
    shapes = _arm(bones, 1, SUIT_SHADE, SUIT_SHADE, arms)
    shapes += _leg(bones, 1, SUIT_SHADE, SUIT_SHADE, legs)
    shapes.append(Shape(capsule(pack_low, pack_high, 0.085, 0.085), SUIT_SHADE))
    shapes += _leg(bones, 0, SUIT, SUIT_SHADE, legs)
    shapes.append(Shape(capsule(bones.hip + up * 0.03, bones.neck - up * 0.07, 0.098, 0.112), SUIT))
    chest = bones.neck - up * 0.125 - back * 0.070
    shapes.append(Shape(capsule(chest - up * 0.025, chest + up * 0.02, 0.034, 0.034), SUIT_SHADE))
    shapes.append(Shape(ellipse(chest + up * 0.018, 0.010, 0.010, 10), SUIT_TRIM))
    shapes.append(Shape(ellipse(helmet, 0.104, 0.108), SUIT))
    forward = -back
    shapes.append(Shape(ellipse(helmet + forward * 0.034 + up * 0.002, 0.070, 0.076), GOLD))
    shapes.append(Shape(ellipse(helmet + forward * 0.040 + up * 0.002, 0.060, 0.066), VISOR, rounded=False))
    shapes.append(Shape(ellipse(helmet + forward * 0.020 + up * 0.030, 0.020, 0.013, 14), VISOR_GLINT, rounded=False))
    shapes += _arm(bones, 0, SUIT, SUIT_SHADE, arms)
    band = bones.hands[0] + (bones.elbows[0] - bones.hands[0]) * 0.25
    along = (bones.elbows[0] - bones.hands[0]) * 0.04
    shapes.append(Shape(capsule(band - along, band + along, 0.043, 0.043), SUIT_TRIM))
    return shapes
