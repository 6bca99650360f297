"""People who are carried: a cyclist on a bicycle, a surfer on a board, a diver in the water."""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.people.clothes import Cut
from filmgate.animatic.figures.people.figure import Air, Drape
from filmgate.animatic.figures.people.rig import Piece, in_space, on_head, oval, smooth, two_views
from filmgate.animatic.figures.people.skeleton import (
    ADULT,
    BELOW_NECK,
    Bend,
    Frame,
    Pose,
    Stance,
    pose,
    reach,
    skeleton,
)
from filmgate.animatic.figures.performance import State
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.raster import Floats, Points

WHEEL, AXLES = 0.185, (-0.30, 0.31)  # in body heights, from the bottom bracket's column
BRACKET, SADDLE, BARS = (-0.03, 0.165), (-0.13, 0.535), (0.235, 0.575)
CRANK = 0.085
HEIGHTS_PER_TURN = 1.15  # body heights that a turn of the pedals brings
SPOKES = 7
TYRE, STEEL = from_hex("22242a"), from_hex("b8bec8")


def cycling(state: State) -> Pose:
    """Hands on the bars, feet on the pedals, `state.phase` the angle of the crank."""
    angles = pose(lean=0.62, twist=0.03 * math.sin(state.phase), nod=0.18, look=0.42)
    hip_to_bracket = (BRACKET[0] - SADDLE[0], BRACKET[1] - SADDLE[1] - 0.02)
    for side, half_turn in ((0, 0.0), (1, math.pi)):
        pedal_x, pedal_y = CRANK * math.cos(state.phase + half_turn), -CRANK * math.sin(state.phase + half_turn)
        ankle = (hip_to_bracket[0] + pedal_x - 0.030, hip_to_bracket[1] + pedal_y + ADULT.sole + 0.004)
        angles[1 + 3 * side], angles[2 + 3 * side] = reach(*ankle, ADULT)
        angles[3 + 3 * side] = -0.18 + 0.14 * math.sin(state.phase + half_turn)
    below = ADULT.torso - BELOW_NECK
    shoulder = (math.sin(0.62) * below, math.cos(0.62) * below)
    x, y = BARS[0] - SADDLE[0] - shoulder[0] - 0.01, BARS[1] - SADDLE[1] - 0.02 - shoulder[1]
    arm, elbow = _arm_to(x, y)
    angles[Bend.ARM_R] = angles[Bend.ARM_L] = arm + 0.62 * 0.35
    angles[Bend.ELBOW_R] = angles[Bend.ELBOW_L] = elbow
    angles[Bend.LIFT] = SADDLE[1] + 0.02 - skeleton(angles, ADULT).hip[1]
    return angles


def _arm_to(x: float, y: float) -> tuple[float, float]:
    """Arm and elbow angles that bring the hand to (x, y) of the shoulder, the elbow bent downwards."""
    upper, lower = ADULT.upper_arm, ADULT.forearm
    distance = min(math.hypot(x, y), upper + lower - 1e-3)
    at_shoulder = math.acos((upper**2 + distance**2 - lower**2) / (2 * upper * distance))
    at_elbow = math.acos((upper**2 + lower**2 - distance**2) / (2 * upper * lower))
    return math.atan2(x, -y) - at_shoulder, math.pi - at_elbow


def bicycle(colour: Floats) -> Drape:
    """Under its rider: wheels that turn with the pedals, frame and bars."""

    def draw(stance: Stance, air: Air, part: int) -> list[Shape]:
        origin = np.array([stance.hip[0] - SADDLE[0], 0.0])
        rolled = -air.phase / (2 * math.pi) * HEIGHTS_PER_TURN / WHEEL
        rear, front = (np.array([x, WHEEL]) for x in AXLES)
        bracket, saddle, bars = np.array(BRACKET), np.array(SADDLE), np.array(BARS)
        head, seat = bars + np.array([0.015, -0.10]), saddle - np.array([0.0, 0.045])
        crank = np.array([math.cos(air.phase), -math.sin(air.phase)]) * CRANK
        shapes: list[tuple[Points, Floats, bool]] = []
        for hub in (rear, front):
            shapes += [
                (_ring(hub, WHEEL, 0.014), TYRE, True),
                (oval(0.013, 0.013, float(hub[0]), WHEEL, 10), STEEL, False),
            ]
            shapes += [(_spoke(hub, rolled + math.pi * turn / SPOKES), STEEL * 0.9, False) for turn in range(SPOKES)]
        for start, end, width in (
            (rear, bracket, 0.008), (rear, seat, 0.007), (bracket, seat, 0.010), (bracket, head, 0.011),
            (seat, head + np.array([-0.006, 0.03]), 0.010), (head + np.array([-0.01, 0.04]), front, 0.009),
            (head, bars, 0.008),
        ):  # fmt: skip
            shapes.append((_tube(start, end, width), colour, True))
        grip = smooth(
            ((0.205, 0.585), (0.250, 0.590), (0.275, 0.560), (0.255, 0.540), (0.262, 0.562), (0.240, 0.574)), 18
        )
        seat_top = smooth(((-0.200, 0.540), (-0.150, 0.545), (-0.070, 0.530), (-0.070, 0.518), (-0.160, 0.515)), 20)
        shapes += [
            (oval(0.036, 0.036, BRACKET[0], BRACKET[1], 14), STEEL * 0.7, False),
            (_tube(bracket - crank, bracket + crank, 0.007), STEEL * 0.8, False),
            (grip, TYRE, False),
            (seat_top, TYRE, False),
        ]
        return [Shape(points + origin, tone, rounded, part=part) for points, tone, rounded in shapes]

    return draw


def _ring(middle: Points, radius: float, width: float) -> Points:
    """A wheel as one outline that runs round outside and back inside."""
    turn = np.linspace(0, 2 * math.pi, 33)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    return np.concatenate([middle + circle * radius, middle + circle[::-1] * (radius - width)])


def _spoke(middle: Points, angle: float) -> Points:
    along = np.array([math.cos(angle), math.sin(angle)]) * (WHEEL - 0.010)
    across = np.array([-along[1], along[0]]) * 0.006
    return np.array(
        [middle - along - across, middle + along - across, middle + along + across, middle - along + across]
    )


def _tube(start: Points, end: Points, half: float) -> Points:
    along = end - start
    across = np.array([-along[1], along[0]]) / max(1e-6, float(np.hypot(*along))) * half
    return np.array([start - across, end - across, end + across, start + across])


def helmet_pieces(colour: Floats) -> list[Piece]:
    side = smooth(
        ((0.86, 0.50), (0.60, 1.06), (0.0, 1.26), (-0.70, 1.05), (-1.05, 0.50), (-0.90, 0.32), (0.0, 0.52)), 28
    )
    front = smooth(
        ((0.94, 0.46), (0.66, 1.06), (0.0, 1.26), (-0.66, 1.06), (-0.94, 0.46), (-0.60, 0.42), (0.0, 0.56)), 28
    )
    vents = [oval(0.26, 0.045, x, y, 10) for x, y in ((0.15, 1.02), (-0.45, 0.94), (-0.15, 0.76))]
    return [
        Piece("hat", Frame.SKULL, two_views(side, front), colour),
        *(Piece("hat", Frame.SKULL, two_views(vent, vent), colour * 0.35, rounded=False) for vent in vents),
    ]


def surfing(state: State) -> Pose:
    """Knees bent, arms out, weight moving from foot to foot."""
    sway, slow = math.sin(state.seconds * 1.9), math.sin(state.seconds * 1.1 + 0.7)
    return pose(
        lean=0.30 + 0.08 * slow, thigh_r=0.95 + 0.10 * sway, knee_r=0.95 + 0.10 * sway, thigh_l=-0.05, knee_l=0.80,
        splay=0.16, arm_r=0.45, spread_r=1.15 + 0.18 * sway, elbow_r=0.30, arm_l=0.20, spread_l=1.20 - 0.18 * sway,
        elbow_l=0.35, look=0.0, nod=0.05, twist=0.12 * slow, foot_l=0.0, turn=0.25,
    )  # fmt: skip


def surfboard(colour: Floats) -> Drape:
    """Under the feet: a board with a stripe, and the water that it throws up."""

    def draw(stance: Stance, air: Air, part: int) -> list[Shape]:
        middle = (stance.ankles[0][0] + stance.ankles[1][0]) / 2
        board = smooth(((-0.44, 0.010), (-0.20, 0.016), (0.20, 0.018), (0.42, 0.040), (0.52, 0.075), (0.40, 0.008),
                        (0.0, -0.018), (-0.36, -0.014)), 40)  # fmt: skip
        stripe = np.array([(-0.40, 0.004), (0.40, 0.018), (0.40, 0.010), (-0.40, -0.004)])
        under = np.array([middle, 0.0])
        shapes = [
            Shape(board + under, colour, part=part),
            Shape(stripe + under, from_hex("f4f0e6"), rounded=False, part=part),
        ]
        foam = from_hex("f6fbff")
        for index in range(9):
            age = (air.seconds * 1.3 + index / 9) % 1.0
            spread = 0.020 + 0.045 * age
            x = middle - 0.30 - 0.60 * age
            y = -0.012 + 0.16 * age * (1 - age) * (0.5 + 0.5 * ((index * 5) % 9) / 9)
            shapes.append(
                Shape(oval(spread * 1.5, spread * (0.75 - 0.45 * age), x, y, 12), foam, rounded=False, part=part)
            )
        return shapes

    return draw


def diver_pieces(cut: Cut) -> list[Piece]:
    """Flippers, a tank, a mask with its hose."""
    glass, rubber = from_hex("bfe8f4"), from_hex("20252c")
    pieces: list[Piece] = []
    fin = smooth(((0.02, -0.028), (0.10, -0.030), (0.30, -0.012), (0.31, 0.006), (0.12, 0.006), (0.03, 0.004)), 24)
    for side in "RL":
        breadth = 0.012 + 0.16 * np.maximum(0.0, fin[:, 0] - 0.05)
        pieces.append(Piece(f"leg_{side}", Frame[f"FOOT_{side}"], in_space(fin[:, 0], breadth, fin[:, 1]), cut.accent))
    tank = (smooth(((-0.065, 0.03), (-0.130, 0.03), (-0.140, 0.20), (-0.128, 0.265), (-0.070, 0.265)), 30),
            smooth(((0.048, 0.03), (-0.048, 0.03), (-0.052, 0.20), (-0.042, 0.265), (0.042, 0.265)), 30))  # fmt: skip
    mask = (
        smooth(((0.98, -0.26), (1.02, 0.30), (0.62, 0.34), (0.58, -0.24)), 16),
        smooth(((0.60, -0.26), (0.62, 0.34), (-0.62, 0.34), (-0.60, -0.26)), 16),
    )
    pane = (
        smooth(((1.00, -0.16), (1.02, 0.22), (0.70, 0.25), (0.68, -0.14)), 16),
        smooth(((0.48, -0.16), (0.50, 0.24), (-0.50, 0.24), (-0.48, -0.16)), 16),
    )
    hose = smooth(
        (
            (0.92, -0.46),
            (0.60, -0.95),
            (-0.30, -1.20),
            (-0.95, -0.95),
            (-0.88, -0.82),
            (-0.20, -1.05),
            (0.50, -0.82),
            (0.80, -0.42),
        ),
        32,
    )
    pieces += [
        Piece("behind", Frame.TRUNK, two_views(*tank), from_hex("e0b23a")),
        Piece("head", Frame.SKULL, two_views(*mask), rubber, azimuth=0.3),
        Piece("head", Frame.SKULL, two_views(*pane), glass, rounded=False, azimuth=0.3),
        Piece("head", Frame.SKULL, two_views(hose, hose), rubber),
        Piece("head", Frame.FACE, on_head(oval(0.17, 0.15, 0.0, -0.50, 12), 0.0, 0.94), rubber, azimuth=0.0),
    ]
    return pieces


def bubbles(stance: Stance, air: Air, part: int) -> list[Shape]:
    """Breath that rises: a few rings of light, growing and wavering as they go."""
    shapes: list[Shape] = []
    x, y = stance.head
    forward = 1.0 if math.cos(stance.face_yaw) >= 0 else -1.0
    for index in range(10):
        age = (air.seconds * 0.36 + index * 0.37) % 1.0
        size = (0.006 + 0.014 * age) * (0.6 + 0.08 * ((index * 7) % 10)) * min(1.0, (1 - age) * 6)
        drift = 0.03 * math.sin(age * 9 + index * 1.7) - 0.16 * age * forward
        bubble_x, bubble_y = x + forward * 0.08 + drift, y + 0.03 + 0.85 * age
        shapes.append(Shape(oval(size, size, bubble_x, bubble_y, 12), from_hex("cdeef6"), part=part))
        shapes.append(
            Shape(
                oval(size * 0.35, size * 0.3, bubble_x - size * 0.3, bubble_y + size * 0.35, 8),
                from_hex("ffffff"),
                False,
                part=part,
            )
        )
    return shapes
