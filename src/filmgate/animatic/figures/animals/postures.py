"""What a body does: a pose for every action, from the proportions of a species.

A pose is two small arrays, so that the way from one to another is a mixture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import mix
from filmgate.animatic.figures.animals.gaits import GAITS, HIND, Footfall, steps, sway
from filmgate.animatic.figures.animals.species import Limbs, Species
from filmgate.animatic.figures.performance import Gait, State
from filmgate.animatic.raster import Floats

# Columns of `Pose.body`: both ends of the trunk with their turn, the arch of the back, neck, head, sleep,
# how the tail is held and how hard it goes.
HIP_X, HIP_Y, HIP_TURN, CHEST_X, CHEST_Y, CHEST_TURN, FLEX, NECK, CURVE, HEAD, SLEEP, TAIL, DRIVE = range(13)
# Columns of `Pose.legs`, one row a leg: toe x and y, lean of the cannon (its foot backwards), slope of the foot, and
# how far forwards the joint at the top has swung (shoulder blades do).
TOE_X, TOE_Y, LEAN, SLOPE, SWING = range(5)
BLADE_SWING, HIP_SWING = 0.34, 0.12  # of the way of the foot

MOVING = MappingProxyType({"walk": "walk_gait", "run": "run_gait"})
LOOK_DOWN = 1.25  # of a grazing head below level
GRAZE_LEAST, GRAZE_MOST = 1.2, 2.75  # angles that a grazing neck may have
DEEPEST_BOW = 0.26  # by how much the chest may sink to reach the ground
LEAP_DUTY = 0.35  # feet that are down for less of the stride leave the ground all at once
LONG_LEGS = 0.73  # height of the joints with which the longest strides are made
SITTING_BACK = 0.80  # of its length: the back is round
NOSE_HEIGHT = 0.035  # of a grazing nose over the ground


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    body: Floats
    legs: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A species with what follows from its proportions."""

    species: Species
    limbs: Limbs
    rest: Pose
    joint_heights: Floats  # (4,) of hip and shoulder
    graze_neck: float
    bow: float  # by how much the chest sinks to graze


def build_frame(kind: Species, limbs: Limbs) -> Frame:
    rest = _rest(kind, limbs)
    heights = np.where(HIND, kind.hip, kind.shoulder)
    neck, bow = _reach_down(kind)
    return Frame(kind, limbs, rest, heights, neck, bow)


def blended(first: Pose, second: Pose, share: float) -> Pose:
    if share >= 1.0:
        return second
    return Pose(mix(first.body, second.body, share), mix(first.legs, second.legs, share))


def pose_at(frame: Frame, state: State, gait: Gait) -> Pose:
    """The pose of one moment. What the species cannot do, it stands through."""
    if state.action == "stand_up":
        share = 0.5 - 0.5 * math.cos(math.pi * state.share)
        return blended(_pose(frame, state.before, state, gait), _standing(frame, state.seconds), share)
    current = _pose(frame, state.action, state, gait)
    if state.blend >= 1.0:
        return current
    before = "stand" if state.before == "stand_up" else state.before
    return blended(_pose(frame, before, state, gait), current, state.blend)


def stride_gait(kind: Species, haste: float = 1.0) -> Gait:
    """Speeds and strides of a species; `haste` below one slows it without shortening its strides."""
    speeds = {"walk": kind.walk, "trot": 0.6 * (kind.walk + kind.run), "run": kind.run, "jump": 1.0}
    leaps = GAITS[kind.run_gait].duty < LEAP_DUTY
    strides = {"walk": 0.92, "trot": 1.12, "run": 1.45 if leaps else 0.98, "jump": 1.35}
    if kind.walk_gait == "hop":
        strides["walk"] = 1.30
    legs = min(1.0, min(kind.hip, kind.shoulder) / LONG_LEGS) * (0.90 if kind.limbs in ("pillar", "sole") else 1.0)
    return Gait(
        {name: speed * haste for name, speed in speeds.items()},
        {name: stride * legs for name, stride in strides.items()},
    )


def _pose(frame: Frame, action: str, state: State, gait: Gait) -> Pose:
    footfall = _footfall(frame.species, action)
    if footfall is not None:
        return _moving(frame, footfall, state.phase / (2 * math.pi), gait.strides.get(action, 1.0), action)
    return RESTING.get(action, _standing)(frame, state.seconds)


def _footfall(kind: Species, action: str) -> Footfall | None:
    if action in MOVING:
        return GAITS[getattr(kind, MOVING[action])]
    if action == "trot":
        return GAITS["stride" if kind.biped else kind.walk_gait if kind.walk_gait == "hop" else "trot"]
    if action == "jump":
        return GAITS["jump"]
    return None


def _rest(kind: Species, limbs: Limbs) -> Pose:
    half = kind.length / 2
    body = np.zeros(13)
    body[[HIP_X, HIP_Y, CHEST_X, CHEST_Y]] = (-half, kind.hip, half, kind.shoulder)
    body[[NECK, CURVE, HEAD, TAIL]] = (kind.neck_angle, kind.neck_curve, kind.head_angle, 0.0)
    heights = np.where(HIND, kind.hip, kind.shoulder)
    row = np.where(HIND, 0, 1)
    slope = limbs.slope[row]
    pastern = limbs.lengths[row, 3] * heights
    legs = np.zeros((4, 5))
    # The fetlock stands under the joint, the toe before it.
    under = np.where(HIND, -half - 0.020, half - 0.020)
    legs[:, TOE_X] = under + pastern * np.cos(slope) - np.sin(limbs.lean[row]) * 0.04
    legs[:, LEAN] = -limbs.lean[row]
    legs[:, SLOPE] = slope
    if kind.biped:
        legs[:, TOE_X] += np.where(HIND, 0.16, -0.02)
        legs[~HIND, TOE_Y] = 0.40
        legs[~HIND, LEAN] = -0.9
    return Pose(body, legs)


def _moving(frame: Frame, footfall: Footfall, cycle: float, stride: float, action: str) -> Pose:
    step, shift = steps(footfall, cycle, stride), sway(footfall, cycle)
    body, legs = frame.rest.body.copy(), frame.rest.legs.copy()
    half = frame.species.length / 2
    body[HIP_X] += 0.9 * shift.flex
    body[CHEST_X] -= 0.3 * shift.flex
    body[HIP_Y] += shift.rise - math.sin(shift.pitch) * half
    body[CHEST_Y] += shift.rise + math.sin(shift.pitch) * half
    body[HIP_TURN] = shift.pitch + 2.4 * shift.flex
    body[CHEST_TURN] = shift.pitch - 1.2 * shift.flex
    body[FLEX] = shift.flex
    body[NECK] += shift.nod + (0.16 if action == "run" else 0.0)
    body[HEAD] += 0.5 * shift.nod - (0.10 if action == "run" else 0.0)
    body[[TAIL, DRIVE]] = (1.0, 0.7) if action in ("run", "jump") else (0.25, 0.3)
    ground = HIND if frame.species.biped else np.ones(4, bool)
    along = np.where(ground, step.along, 0.25 * step.along)
    fold = np.where(HIND, *footfall.fold) * step.swing
    legs[:, TOE_X] += along
    legs[:, TOE_Y] += np.where(ground, step.lift, shift.rise)
    legs[:, LEAN] += fold - 0.80 * along / frame.joint_heights
    legs[:, SWING] += np.where(HIND, HIP_SWING, BLADE_SWING) * along
    legs[:, SLOPE] += 0.85 * fold + 0.45 * np.maximum(0.0, -along) * step.swing
    return Pose(body, legs)


def _standing(frame: Frame, seconds: float) -> Pose:
    """It breathes, and looks about."""
    body = frame.rest.body.copy()
    breath = math.sin(1.7 * seconds)
    body[[HIP_Y, CHEST_Y]] += 0.0030 * breath
    look = math.sin(0.63 * seconds) + 0.6 * math.sin(1.07 * seconds + 1.3)
    body[NECK] += 0.055 * look + 0.006 * breath
    body[HEAD] -= 0.075 * math.sin(0.63 * seconds + 0.4) - 0.03 * math.sin(1.31 * seconds)
    return Pose(body, frame.rest.legs)


def _sitting(frame: Frame, seconds: float) -> Pose:
    kind = frame.species
    if not kind.sits:
        return _standing(frame, seconds)
    body, legs = _standing(frame, seconds).body, frame.rest.legs.copy()
    hip_height = 0.07 + 0.5 * (kind.buttock + kind.haunch) + 0.02
    back = SITTING_BACK * kind.length
    rise = min(0.94 * back, kind.shoulder - hip_height)
    lean = math.asin(rise / back)
    reach = back * math.cos(lean)
    body[[HIP_X, HIP_Y, HIP_TURN]] = (-0.62 * reach, hip_height, lean * 0.92)
    body[[CHEST_X, CHEST_Y, CHEST_TURN]] = (0.38 * reach, hip_height + rise, lean * 0.80)
    body[NECK] = 0.55 * kind.neck_angle + 0.4 * (body[NECK] - kind.neck_angle)
    body[FLEX] = 0.03
    body[TAIL] = -1.0
    ahead = frame.limbs.lengths[0, 2] * kind.hip
    legs[HIND, TOE_X] = body[HIP_X] + ahead * 0.92 + 0.08
    legs[HIND, LEAN] = -1.42
    legs[HIND, SLOPE] = 0.10
    legs[~HIND, TOE_X] = body[CHEST_X] + 0.10
    legs[~HIND, LEAN] = frame.rest.legs[~HIND, LEAN] * 0.3
    return Pose(body, legs)


def _lying(frame: Frame, seconds: float) -> Pose:
    kind = frame.species
    body, legs = _standing(frame, seconds).body, frame.rest.legs.copy()
    half = kind.length / 2
    sunk = kind.clearance - 0.008
    body[HIP_Y] -= min(sunk + 0.06, kind.hip - 0.55 * kind.haunch - 0.05)
    body[CHEST_Y] -= sunk
    body[HIP_TURN] = -0.05
    body[TAIL] = -0.8
    ahead = frame.limbs.lengths[0, 2] * kind.hip
    legs[HIND, TOE_X] = -half + ahead + 0.10
    legs[HIND, LEAN] = -1.46
    legs[HIND, SLOPE] = 0.08
    if kind.lies_on_paws:
        legs[~HIND, TOE_X] = half + 0.40 * kind.shoulder + 0.06
        legs[~HIND, LEAN] = -1.40
        legs[~HIND, SLOPE] = 0.06
    else:
        legs[~HIND, TOE_X] = half - 0.10
        legs[~HIND, LEAN] = 1.40
        legs[~HIND, SLOPE] = 2.6
    return Pose(body, legs)


def _sleeping(frame: Frame, seconds: float) -> Pose:
    """Lying, the head on the ground, breathing deeply."""
    kind = frame.species
    pose = _lying(frame, seconds)
    if kind.trunk > 0:
        return pose
    body = pose.body
    breath = math.sin(1.15 * seconds)
    body[FLEX] = 0.012 + 0.010 * breath
    body[CHEST_Y] += 0.004 * breath
    body[SLEEP] = 1.0
    base = body[CHEST_Y] - kind.shoulder + kind.withers - kind.neck_base
    wanted = 0.32 * kind.head  # height of the joint at the nape
    cosine = max(-1.0, min(1.0, (wanted - base) / kind.neck))
    body[NECK] = math.acos(cosine) if kind.neck < 0.75 else 1.45
    body[CURVE] = 0.2 * kind.neck_curve
    body[HEAD] = 0.12
    return pose


def _grazing(frame: Frame, seconds: float) -> Pose:
    """Head down; it crops, steps of the jaw nodding the head, and looks up now and then."""
    kind = frame.species
    if kind.biped or kind.trunk > 0:
        return _standing(frame, seconds)
    body = frame.rest.body.copy()
    nibble = math.sin(5.2 * seconds) * (0.6 + 0.4 * math.sin(0.9 * seconds))
    body[CHEST_Y] -= frame.bow
    body[CHEST_TURN] -= 0.5 * frame.bow
    body[NECK] = frame.graze_neck - 0.05 * (1 + math.sin(0.8 * seconds)) + 0.008 * nibble
    body[CURVE] = 0.15 * kind.neck_curve
    body[HEAD] = LOOK_DOWN - 0.04 * nibble
    return Pose(body, frame.rest.legs)


def _crouching(frame: Frame, seconds: float) -> Pose:
    kind = frame.species
    if not kind.lies_on_paws:
        return _standing(frame, seconds)
    body, legs = _standing(frame, seconds).body, frame.rest.legs.copy()
    body[[HIP_Y, CHEST_Y]] -= np.array([0.62, 0.80]) * kind.clearance
    body[NECK] = min(1.45, kind.neck_angle + 0.35)
    legs[HIND, TOE_X] += 0.12
    legs[HIND, LEAN] -= 0.55
    legs[~HIND, LEAN] -= 0.35
    return Pose(body, legs)


def _paddling(frame: Frame, seconds: float) -> Pose:
    """Adrift: the legs hang and stir."""
    pose = frame.rest
    legs = pose.legs.copy()
    stir = np.sin(0.9 * seconds + np.array([0.0, 2.1, 3.4, 5.0]))
    legs[:, TOE_X] += 0.10 * stir - np.where(HIND, 0.06, -0.08)
    legs[:, TOE_Y] += 0.09 + 0.05 * np.cos(0.7 * seconds + np.array([1.0, 0.3, 4.1, 2.2]))
    legs[:, LEAN] += 0.35 + 0.15 * stir
    legs[:, SLOPE] += 0.5
    body = _standing(frame, seconds).body
    body[TAIL] = 0.5
    return Pose(body, legs)


RESTING: Mapping[str, Callable[[Frame, float], Pose]] = MappingProxyType(
    {
        "stand": _standing,
        "sit": _sitting,
        "lie": _lying,
        "sleep": _sleeping,
        "graze": _grazing,
        "eat": _grazing,
        "drink": _grazing,
        "kneel": _crouching,
        "float": _paddling,
    }
)


def _reach_down(kind: Species) -> tuple[float, float]:
    """The neck's angle, and how far the chest must sink, for the nose to come to the ground."""
    base = kind.withers - kind.neck_base
    nose = kind.head * math.sin(LOOK_DOWN) + NOSE_HEIGHT

    def height(angle: float) -> float:
        curve = 0.15 * kind.neck_curve
        bones = (angle + curve * (0.5 - share) for share in (1 / 6, 0.5, 5 / 6))
        return base + sum(math.cos(bone) for bone in bones) * kind.neck / 3 - nose

    low, high = GRAZE_LEAST, GRAZE_MOST
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if height(middle) > 0 else (low, middle)
    return low, min(DEEPEST_BOW, max(0.0, height(low)))
