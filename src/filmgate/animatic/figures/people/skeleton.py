"""The human frame: a pose is angles, a skeleton is where they put the joints, a stance is how a viewer sees those.

Joints are points in space (forward, up, to the right of the figure). The body is set down so that its lowest part
touches the ground, which makes every pose, and every blend of two, stand believably.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from filmgate.animatic.raster import Floats

Joint = tuple[float, float, float]
Seen = tuple[float, float]  # a joint as the viewer sees it: x to the right, y up
CAMERA_TILT = 0.12  # the viewer looks down on the ground: the nearer foot stands lower
FLAT = 1e-4
BELOW_NECK = 0.038  # from the neck down to the shoulder joints, in body heights
INWARDS = 0.56  # how far a bent knee brings the shin of a splayed leg back under the body, per radian


class Bend(IntEnum):
    """What each number of a pose turns, in radians. `R` and `L` are the figure's own right and left."""

    LEAN = 0  # of the trunk, forwards
    THIGH_R = 1  # from straight down, forwards
    KNEE_R = 2
    FOOT_R = 3  # toes up
    THIGH_L = 4
    KNEE_L = 5
    FOOT_L = 6
    ARM_R = 7  # from straight down, forwards
    ELBOW_R = 8
    SPREAD_R = 9  # of the arm, to the side
    ARM_L = 10
    ELBOW_L = 11
    SPREAD_L = 12
    SPLAY = 13  # of both legs, to the side
    NOD = 14  # of the head, upwards
    LOOK = 15  # of the head, towards the figure's right
    TWIST = 16  # of the shoulders against the hips
    TIP = 17  # of the whole body about its hip, forwards
    TURN = 18  # of the whole figure, towards the viewer
    LIFT = 19  # not an angle: body heights above the ground


Pose = Floats  # one number for each Bend


def pose(**angles: float) -> Pose:
    """A pose of named angles; what is not named is zero."""
    values = np.zeros(len(Bend))
    for name, angle in angles.items():
        values[Bend[name.upper()]] = angle
    return values


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions in body heights: lengths of bones, half the breadth of shoulders and hips, half a head's height."""

    thigh: float = 0.238
    shin: float = 0.228
    foot: float = 0.105
    sole: float = 0.034  # height of the ankle
    torso: float = 0.272
    neck: float = 0.090  # to the middle of the head
    head: float = 0.080
    upper_arm: float = 0.152
    forearm: float = 0.138
    shoulders: float = 0.078
    hips: float = 0.040
    seat: float = 0.080  # from the hip joint down to what one sits on


ADULT = Build()
WOMAN = Build(shoulders=0.068, hips=0.044, torso=0.264, head=0.081)
CHILD = Build(
    thigh=0.212, shin=0.205, torso=0.262, neck=0.118, head=0.104, upper_arm=0.128, forearm=0.118, shoulders=0.075
)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Joints of one pose, the lowest on the ground. Pairs are (right, left)."""

    build: Build
    hip: Joint
    neck: Joint
    head: Joint
    hips: tuple[Joint, Joint]
    knees: tuple[Joint, Joint]
    ankles: tuple[Joint, Joint]
    toes: tuple[Joint, Joint]
    shoulders: tuple[Joint, Joint]
    elbows: tuple[Joint, Joint]
    hands: tuple[Joint, Joint]
    lean: float  # of the trunk, with the tip of the body
    nod: float
    look: float
    feet: tuple[float, float]
    turn: float


def skeleton(angles: Pose, build: Build = ADULT, planted: float = 0.0) -> Skeleton:
    """Joints from angles, set on the ground and raised by the pose's LIFT.

    The hip is at 0 forwards, or, as far as `planted` says (0..1), the right ankle is.
    """
    bend: list[float] = angles.tolist()
    tip, lean, nod = bend[Bend.TIP], bend[Bend.LEAN] + bend[Bend.TIP], bend[Bend.NOD]
    neck = _hung(_ORIGIN, math.pi - lean, 0.0, build.torso)
    neck_lean = lean * 0.6 - nod * 0.3
    head = (neck[0] + (math.sin(neck_lean) + 0.10) * build.neck, neck[1] + math.cos(neck_lean) * build.neck, 0.0)
    right, left = _leg(bend, 0, build), _leg(bend, 1, build)
    right_arm, left_arm = _arm(bend, 0, lean, build), _arm(bend, 1, lean, build)
    feet = (bend[Bend.FOOT_R] - tip, bend[Bend.FOOT_L] - tip)
    low = min(
        -build.seat,
        head[1] - build.head,
        *(joints[1][1] - 0.036 for joints in (right, left)),
        *(
            joints[2][1] - build.sole * max(0.35, math.cos(foot))
            for joints, foot in zip((right, left), feet, strict=True)
        ),
        *(joints[3][1] - build.sole * 0.75 for joints in (right, left)),
        *(joints[0][1] - 0.050 for joints in (right_arm, left_arm)),
    )
    up, ahead = bend[Bend.LIFT] - low, -right[2][0] * planted

    def placed(joint: Joint) -> Joint:
        return (joint[0] + ahead, joint[1] + up, joint[2])

    legs = [(placed(one), placed(other)) for one, other in zip(right, left, strict=True)]
    arms = [(placed(one), placed(other)) for one, other in zip(right_arm, left_arm, strict=True)]
    return Skeleton(
        build=build,
        hip=placed(_ORIGIN),
        neck=placed(neck),
        head=placed(head),
        hips=legs[0],
        knees=legs[1],
        ankles=legs[2],
        toes=legs[3],
        shoulders=arms[0],
        elbows=arms[1],
        hands=arms[2],
        lean=lean,
        nod=nod - tip * 0.55 - bend[Bend.LEAN] * 0.35,
        look=bend[Bend.LOOK],
        feet=feet,
        turn=bend[Bend.TURN],
    )


_ORIGIN: Joint = (0.0, 0.0, 0.0)


def _leg(bend: list[float], side: int, build: Build) -> tuple[Joint, Joint, Joint, Joint]:
    """Hip, knee, ankle and toe; `side` is 0 for the right."""
    thigh, knee_bend, foot = bend[Bend.THIGH_R + 3 * side : Bend.THIGH_R + 3 * side + 3]
    sign, tip = 1.0 - 2.0 * side, bend[Bend.TIP]
    aside = sign * bend[Bend.SPLAY]
    hip = (0.0, 0.0, sign * build.hips)
    knee = _hung(hip, thigh - tip, aside, build.thigh)
    ankle = _hung(knee, thigh - tip - knee_bend, aside * (1 - INWARDS * knee_bend), build.shin)
    toe = _hung(ankle, foot - tip + math.pi / 2, 0.0, build.foot * 0.7)
    return hip, knee, ankle, toe


def _arm(bend: list[float], side: int, lean: float, build: Build) -> tuple[Joint, Joint, Joint]:
    """Shoulder, elbow and hand."""
    arm, elbow_bend, spread = bend[Bend.ARM_R + 3 * side : Bend.ARM_R + 3 * side + 3]
    sign = 1.0 - 2.0 * side
    forward = sign * math.sin(bend[Bend.TWIST]) * build.shoulders
    height = build.torso - BELOW_NECK
    shoulder = (math.sin(lean) * height + forward, math.cos(lean) * height, sign * build.shoulders)
    hang = arm - bend[Bend.TIP] - bend[Bend.LEAN] * 0.35
    elbow = _hung(shoulder, hang, sign * spread, build.upper_arm)
    return shoulder, elbow, _hung(elbow, hang + elbow_bend, sign * spread * 1.12, build.forearm)


def reach(x: float, y: float, build: Build) -> tuple[float, float]:
    """Thigh and knee angles that bring the ankle to (x forward, y up) of the hip, or as near as the leg is long."""
    distance = min(max(math.hypot(x, y), 0.05), build.thigh + build.shin - 1e-3)
    towards = math.atan2(x, -y)
    at_hip = (build.thigh**2 + distance**2 - build.shin**2) / (2 * build.thigh * distance)
    at_knee = (build.thigh**2 + build.shin**2 - distance**2) / (2 * build.thigh * build.shin)
    return towards + math.acos(min(1.0, at_hip)), math.pi - math.acos(max(-1.0, at_knee))


def _hung(start: Joint, angle: float, aside: float, length: float) -> Joint:
    """The end of a bone that hangs at `angle` from straight down, forwards, and `aside` to the right."""
    wide = math.cos(aside) * length
    return (
        start[0] + math.sin(angle) * wide,
        start[1] - math.cos(angle) * wide,
        start[2] + math.sin(aside) * length,
    )


class Frame(IntEnum):
    """The frames that pieces of a figure are fixed to; see `Stance`."""

    TRUNK = 0  # outlines: (x from the side, x from the front, y from the side, y from the front, 1)
    CHEST = 1  # points in space: (forward, right, up, 0, 1), from the hip along the trunk
    SKULL = 2  # outlines, from the middle of the head
    FACE = 3  # points in space
    EYES = 4  # points in space about the height of the eyes, which close
    NECK = 5  # bones: (across, along, share of the bone, 0, 1)
    THIGH_R = 6
    SHIN_R = 7
    FOOT_R = 8  # (forwards, half breadth that shows from the front, up, 0, 1)
    UPPER_ARM_R = 9
    FOREARM_R = 10
    HAND_R = 11
    THIGH_L = 12
    SHIN_L = 13
    FOOT_L = 14
    UPPER_ARM_L = 15
    FOREARM_L = 16
    HAND_L = 17


EYE_HEIGHT = 0.02  # in half heads, above the middle of the head


@dataclass(frozen=True, slots=True, eq=False)
class Stance:
    """A skeleton seen from one side. `yaw` is 0 in profile facing right, pi/2 facing us.

    `frames` holds for each Frame a (2, 5) matrix: figure from the piece's own coordinates.
    """

    bones: Skeleton
    yaw: float
    face_yaw: float
    frames: Floats
    hip: Seen
    neck: Seen
    head: Seen
    knees: tuple[Seen, Seen]
    ankles: tuple[Seen, Seen]
    elbows: tuple[Seen, Seen]
    hands: tuple[Seen, Seen]
    shoulders: tuple[Seen, Seen]
    hips: tuple[Seen, Seen]

    @property
    def near(self) -> int:
        """Which of each pair is nearer to us: 0 the right, 1 the left."""
        return 0 if math.cos(self.yaw) >= 0 else 1

    @property
    def back_to_us(self) -> bool:
        return math.sin(self.yaw) < -0.05


def seen(bones: Skeleton, yaw: float, eyes_open: float = 1.0) -> Stance:
    """How `bones` look when the figure faces `yaw` (its own TURN comes on top)."""
    yaw += bones.turn
    face_yaw = yaw + bones.look
    cosine, sine = math.cos(yaw), math.sin(yaw)

    def see(joint: Joint) -> Seen:
        forward, up, right = joint
        return (forward * cosine - right * sine, up - (forward * sine + right * cosine) * CAMERA_TILT)

    def both(joints: tuple[Joint, Joint]) -> tuple[Seen, Seen]:
        return see(joints[0]), see(joints[1])

    hip, neck, head = see(bones.hip), see(bones.neck), see(bones.head)
    hips, knees, ankles = both(bones.hips), both(bones.knees), both(bones.ankles)
    shoulders, elbows, hands = both(bones.shoulders), both(bones.elbows), both(bones.hands)
    front = math.copysign(1.0, cosine)  # on which side of a hanging limb its front is
    trunk, skull = _axes(yaw, bones.lean), _axes(face_yaw, -bones.nod)
    half = bones.build.head
    eye = EYE_HEIGHT * half
    eyes = (head[0] + skull[2][0] * eye, head[1] + skull[2][1] * eye)
    rows: list[Columns] = [
        _outlines(trunk[2], yaw, hip, 1.0),
        (*trunk, NONE, hip),
        _outlines(skull[2], face_yaw, head, half),
        _scaled(skull, half, half, head),
        _scaled(skull, half, half * eyes_open, eyes),
        _bone(neck, head, front),
    ]
    for side in (0, 1):
        foot = _axes(yaw, -bones.feet[side])
        breadth = (math.copysign(sine, cosine), 0.0)
        rows += [
            _bone(hips[side], knees[side], front),
            _bone(knees[side], ankles[side], front),
            (foot[0], breadth, foot[2], NONE, ankles[side]),
            _bone(shoulders[side], elbows[side], front),
            _bone(elbows[side], hands[side], front),
            _bone(hands[side], _beyond(elbows[side], hands[side]), front),
        ]
    frames = np.array(rows).transpose(0, 2, 1)
    return Stance(bones, yaw, face_yaw, frames, hip, neck, head, knees, ankles, elbows, hands, shoulders, hips)


Columns = tuple[Seen, Seen, Seen, Seen, Seen]
NONE: Seen = (0.0, 0.0)


def _axes(yaw: float, lean: float) -> tuple[Seen, Seen, Seen]:
    """Forward, right and up of a part that leans forwards, as seen."""
    cosine, sine, lean_cosine, lean_sine = math.cos(yaw), math.sin(yaw), math.cos(lean), math.sin(lean)
    forward = (cosine, -sine * CAMERA_TILT)
    return (
        (forward[0] * lean_cosine, forward[1] * lean_cosine - lean_sine),
        (-sine, -cosine * CAMERA_TILT),
        (forward[0] * lean_sine, forward[1] * lean_sine + lean_cosine),
    )


def _scaled(axes: tuple[Seen, Seen, Seen], size: float, height: float, origin: Seen) -> Columns:
    forward, right, up = axes
    return (
        (forward[0] * size, forward[1] * size),
        (right[0] * size, right[1] * size),
        (up[0] * height, up[1] * height),
        NONE,
        origin,
    )


def _outlines(up: Seen, yaw: float, origin: Seen, size: float) -> Columns:
    """Columns that blend an outline seen from the side with one seen from the front."""
    cosine, sine = math.cos(yaw), math.sin(yaw)
    length = math.hypot(*up) or 1.0
    across = (up[1] / length * size, -up[0] / length * size)
    side, front = cosine * abs(cosine), math.copysign(sine * sine, cosine)  # front views are symmetric
    return (
        (across[0] * side, across[1] * side),
        (across[0] * front, across[1] * front),
        (up[0] * size * cosine**2, up[1] * size * cosine**2),
        (up[0] * size * sine**2, up[1] * size * sine**2),
        origin,
    )


def _bone(start: Seen, end: Seen, front: float) -> Columns:
    x, y = end[0] - start[0], end[1] - start[1]
    length = math.hypot(x, y)
    along = (x / length, y / length) if length > FLAT else (0.0, -1.0)
    return ((-along[1] * front, along[0] * front), along, (x, y), NONE, start)


def _beyond(start: Seen, end: Seen) -> Seen:
    return (end[0] * 2 - start[0], end[1] * 2 - start[1])
