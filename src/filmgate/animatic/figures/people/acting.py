"""What a body does: the pose of every action at every moment, and the gait whose feet stay where they step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from itertools import pairwise
from types import MappingProxyType

from filmgate.animatic.figures.people.skeleton import ADULT, Bend, Build, Pose, pose, reach
from filmgate.animatic.figures.performance import RESTING, Gait, State

HUMAN_GAIT = Gait({"walk": 0.74, "run": 1.9, "fly": 0.9}, {"walk": 0.76, "run": 1.45})
ELDER_GAIT = Gait({"walk": 0.40, "run": 0.62, "fly": 0.6}, {"walk": 0.50, "run": 0.66}, slowness=1.15)
MOON_GAIT = Gait(
    {"walk": 0.42, "run": 0.75, "jump": 0.30, "fly": 0.5}, {"walk": 0.74, "run": 1.0}, slowness=1.25, is_light=True
)

STAND = pose(lean=0.02, thigh_r=0.05, knee_r=0.05, thigh_l=-0.04, knee_l=0.03, foot_r=0.0, arm_r=0.04, elbow_r=0.20,
             spread_r=0.10, arm_l=-0.02, elbow_l=0.16, spread_l=0.10, splay=0.03, look=0.38)  # fmt: skip
SIT = pose(lean=-0.24, thigh_r=1.95, knee_r=1.78, thigh_l=2.15, knee_l=1.95, arm_r=-0.66, elbow_r=0.12, spread_r=0.16,
           arm_l=1.20, elbow_l=0.30, spread_l=-0.05, splay=0.05, look=0.40, nod=0.10)  # fmt: skip
KNEEL = pose(lean=0.12, thigh_r=1.50, knee_r=1.52, thigh_l=-0.06, knee_l=1.52, foot_l=-1.25, arm_r=0.95, elbow_r=0.55,
             arm_l=-0.10, elbow_l=0.30, spread_l=0.12, look=0.38)  # fmt: skip
CROUCH = pose(lean=0.62, thigh_r=1.55, knee_r=2.02, thigh_l=1.05, knee_l=2.05, foot_l=-0.55, arm_r=0.85, elbow_r=0.45,
              arm_l=0.25, elbow_l=0.40, spread_l=0.15, look=0.15)  # fmt: skip
LEAN_FORWARD = pose(lean=0.55, thigh_r=1.85, knee_r=2.12, thigh_l=2.0, knee_l=2.25, arm_r=0.55, elbow_r=0.35,
                    arm_l=1.15, elbow_l=0.30, look=0.15)  # fmt: skip
HALF_UP = pose(lean=0.32, thigh_r=0.72, knee_r=0.98, thigh_l=0.10, knee_l=0.55, foot_l=-0.3, arm_r=0.50, elbow_r=0.4,
               arm_l=0.05, elbow_l=0.3, spread_l=0.10, look=0.15)  # fmt: skip
CROSS_LEGGED = pose(thigh_r=1.48, knee_r=2.95, thigh_l=1.48, knee_l=2.95, splay=0.85, arm_r=0.45, elbow_r=0.62,
                    spread_r=0.42, arm_l=0.45, elbow_l=0.62, spread_l=0.42, turn=0.75, look=0.1)  # fmt: skip
READ = pose(lean=0.10, thigh_r=1.48, knee_r=2.95, thigh_l=1.48, knee_l=2.95, splay=0.85, arm_r=0.42, elbow_r=1.45,
            spread_r=0.10, arm_l=0.42, elbow_l=1.45, spread_l=0.10, turn=0.35, nod=-0.32, look=0.1)  # fmt: skip
FISH = SIT + pose(lean=0.24, arm_r=1.45, elbow_r=0.55, arm_l=-0.25, elbow_l=0.4, spread_r=-0.05)
LIE = pose(tip=-1.50, thigh_r=0.62, knee_r=1.15, thigh_l=0.04, knee_l=0.06, foot_l=0.5, arm_r=0.35, elbow_r=1.5,
           spread_r=0.15, arm_l=0.05, elbow_l=0.10, spread_l=0.15, nod=0.62)  # fmt: skip
FLOAT = pose(lean=0.05, thigh_r=0.45, knee_r=0.80, thigh_l=-0.10, knee_l=0.40, foot_r=-0.4, foot_l=-0.6, arm_r=1.10,
             elbow_r=0.55, spread_r=0.45, arm_l=-0.35, elbow_l=0.45, spread_l=0.70, look=0.25)  # fmt: skip
FLY = pose(tip=1.22, lean=-0.10, thigh_r=-0.08, knee_r=0.10, thigh_l=0.10, knee_l=0.30, foot_r=-1.2, foot_l=-1.2,
           arm_r=2.95, elbow_r=0.12, arm_l=0.10, elbow_l=0.30, spread_l=0.25, nod=0.62, look=0.25,
           lift=0.62)  # fmt: skip
PLAY = pose(lean=-0.02, thigh_r=0.05, knee_r=0.05, thigh_l=-0.04, knee_l=0.03, arm_r=0.10, elbow_r=1.25, spread_r=0.10,
            arm_l=0.55, elbow_l=1.35, spread_l=0.55, splay=0.09, turn=0.55, look=-0.15, nod=-0.18)  # fmt: skip
GUARD = pose(lean=0.12, thigh_r=0.48, knee_r=0.55, thigh_l=-0.30, knee_l=0.30, foot_l=-0.1, arm_r=1.05, elbow_r=0.75,
             arm_l=0.85, elbow_l=1.0, splay=0.08, look=0.1)  # fmt: skip

HUNCHED = pose(lean=0.24, nod=0.06, thigh_r=0.10, knee_r=0.20, thigh_l=0.10, knee_l=0.20, elbow_r=0.55)
UPRIGHT = frozenset({"stand", "walk", "look_up", "run"})

RISE = ((0.30, LEAN_FORWARD), (0.55, CROUCH), (0.78, HALF_UP), (1.0, STAND))
RISE_FROM_KNEES = ((0.45, CROUCH), (0.75, HALF_UP), (1.0, STAND))
RESTING_POSES: Mapping[str, Pose] = MappingProxyType(
    {"sit": SIT, "kneel": KNEEL, "lie": LIE, "read": READ, "meditate": CROSS_LEGGED, "fish": FISH}
)

JUMP_SECONDS = 1.3
SPIN_EVERY_SECONDS, SPIN_SECONDS = 4.0, 1.3
BOW_SECONDS = 3.2
STRIKE_SECONDS = 1.5
BLINK_EVERY_SECONDS, BLINK_SECONDS = 3.3, 0.16


class Habit(Enum):
    """What one's right hand is busy with while one stands or goes, and how that bends the body."""

    NONE = "none"
    STICK = "stick"
    UMBRELLA = "umbrella"


def acted(state: State, gait: Gait = HUMAN_GAIT, build: Build = ADULT, habit: Habit = Habit.NONE) -> Pose:
    """The pose of a state: that of its action, blended with the one before."""
    now = _inclined(_action(state.action, state.share, state, gait, build), state.action, habit)
    if state.blend >= 1:
        return now
    earlier = _inclined(_action(state.before, 1.0, state, gait, build), state.before, habit)
    return earlier + (now - earlier) * state.blend


def _inclined(angles: Pose, action: str, habit: Habit) -> Pose:
    if habit is Habit.STICK and action in UPRIGHT:
        angles = angles + HUNCHED
        angles[Bend.ARM_R] = angles[Bend.ARM_R] * 0.35 + 0.42
    elif habit is Habit.UMBRELLA and action not in ("wave", "lie", "fly", "swim"):
        angles = angles.copy()
        angles[Bend.ARM_R], angles[Bend.ELBOW_R], angles[Bend.SPREAD_R] = 0.62, 1.85, 0.10
    return angles


def planted(state: State) -> float:
    """How firmly the right foot stays where it will stand, while one sits, gets up or sits down."""
    resting, rested = (action in RESTING or action == "stand_up" for action in (state.action, state.before))
    return state.blend * resting + (1 - state.blend) * rested


def eyes_open(state: State, phase: float) -> float:
    """1 open, near 0 in the middle of a blink, and in sleep."""
    if state.action in ("lie", "meditate"):
        return 1 - 0.9 * state.blend
    since = (state.seconds + phase) % BLINK_EVERY_SECONDS
    return 1 - 0.9 * math.sin(math.pi * since / BLINK_SECONDS) if since < BLINK_SECONDS else 1.0


def _action(action: str, share: float, state: State, gait: Gait, build: Build) -> Pose:
    if action in ("walk", "run"):
        return strides(state.phase, gait.strides.get(action, 0.76), running=action == "run", build=build, gait=gait)
    if action == "stand_up":
        start = _on_the_ground(state.before if state.action == "stand_up" else "sit", build)
        return between(((0.0, start), *(RISE_FROM_KNEES if state.before == "kneel" else RISE)), share)
    moving = MOTIONS.get(action)
    if moving is None:
        return STAND + _breath(state.seconds)
    angles = moving(state.seconds, share)
    return _seated(angles, build) if action in ("sit", "fish") else angles


def _on_the_ground(action: str, build: Build) -> Pose:
    """The pose from which one gets up."""
    if action in ("sit", "fish") or action not in RESTING_POSES:
        return _seated(RESTING_POSES.get(action, SIT), build)
    return RESTING_POSES[action]


def _seated(angles: Pose, build: Build) -> Pose:
    """With the seat and both feet on the ground, however long the legs are."""
    angles = angles.copy()
    leg = build.thigh + build.shin
    low = build.sole - build.seat
    angles[Bend.THIGH_R], angles[Bend.KNEE_R] = reach(0.52 * leg, low, build)
    angles[Bend.THIGH_L], angles[Bend.KNEE_L] = reach(0.42 * leg, low, build)
    return angles


def _breath(seconds: float, strength: float = 1.0) -> Pose:
    slow = math.sin(seconds * 1.7) * strength
    return pose(
        lean=0.010 * slow, arm_r=0.025 * slow, arm_l=-0.02 * slow, nod=0.02 * math.sin(seconds * 0.9) * strength
    )


def _wave(seconds: float, _share: float) -> Pose:
    swing = math.sin(seconds * 7)
    raised = pose(arm_r=0.25, spread_r=2.25 + 0.16 * swing, elbow_r=0.25, turn=0.30, nod=0.08)
    return STAND + _breath(seconds) + raised


def _float(seconds: float, _share: float) -> Pose:
    slow, slower = math.sin(seconds * 0.7), math.sin(seconds * 0.5 + 1.0)
    return FLOAT + pose(
        lean=0.05 * slow, thigh_r=0.12 * slow, knee_r=0.12 * slower, thigh_l=-0.12 * slower, knee_l=0.14 * slow,
        arm_r=0.18 * slower, elbow_r=0.14 * slow, arm_l=-0.20 * slower, spread_l=0.12 * slow, nod=0.06 * slow,
    )  # fmt: skip


def _jump(seconds: float, _share: float) -> Pose:
    turn = seconds * 2 * math.pi / JUMP_SECONDS
    down = max(0.0, math.cos(turn)) ** 2
    up = max(0.0, -math.cos(turn)) ** 0.8
    arms = pose(arm_r=0.5, arm_l=0.6, spread_r=1.5, spread_l=1.5, knee_r=0.45, knee_l=0.6, foot_r=-0.5, foot_l=-0.6)
    return STAND + (CROUCH - STAND) * 0.55 * down + (arms + pose(lift=0.24, turn=0.3)) * up


def _dance(seconds: float, _share: float) -> Pose:
    beat = seconds * 2 * math.pi * 0.85
    sway, bounce = math.sin(beat), 0.5 - 0.5 * math.cos(beat * 2)
    spun = (seconds / SPIN_EVERY_SECONDS) % 1.0 * SPIN_EVERY_SECONDS - (SPIN_EVERY_SECONDS - SPIN_SECONDS)
    spin = ease(max(0.0, spun) / SPIN_SECONDS)
    lifted = math.sin(math.pi * spin)
    step_r, step_l = max(0.0, sway), max(0.0, -sway)
    thigh, knee = 0.22 * bounce, 0.40 * bounce
    return pose(
        lean=0.05 * math.sin(beat * 2), twist=0.30 * sway, turn=0.55 + 0.45 * math.sin(beat * 0.5) + math.tau * spin,
        thigh_r=0.10 + thigh + 0.45 * step_r, knee_r=0.16 + knee + 0.65 * step_r, foot_r=-0.45 * step_r,
        thigh_l=0.06 + thigh + 0.45 * step_l, knee_l=0.16 + knee + 0.65 * step_l, foot_l=-0.45 * step_l,
        arm_r=0.35, elbow_r=0.45, spread_r=1.55 + 0.65 * sway + 0.7 * lifted,
        arm_l=0.35, elbow_l=0.45, spread_l=1.55 - 0.65 * sway + 0.7 * lifted,
        splay=0.12, nod=0.10 * math.sin(beat), look=0.25 * math.sin(beat * 0.5),
    )  # fmt: skip


def _bow(seconds: float, _share: float) -> Pose:
    down = ease(1.35 * math.sin(math.pi * ((seconds / BOW_SECONDS) % 1.0)))
    return STAND + pose(lean=0.95, thigh_r=-0.10, thigh_l=-0.06, arm_r=0.30, arm_l=0.30, nod=-0.20) * down


def _fly(seconds: float, _share: float) -> Pose:
    return FLY + pose(
        tip=0.05 * math.sin(seconds * 1.1), lift=0.035 * math.sin(seconds * 1.6), knee_l=0.12 * math.sin(seconds * 2.1)
    )


def _swim(seconds: float, _share: float) -> Pose:
    kick = math.sin(seconds * 4.6)
    return pose(
        tip=1.38 + 0.06 * math.sin(seconds * 0.8), lean=-0.06, thigh_r=0.05 + 0.30 * kick, knee_r=0.22 - 0.20 * kick,
        thigh_l=0.05 - 0.30 * kick, knee_l=0.22 + 0.20 * kick, foot_r=-1.0, foot_l=-1.0, arm_r=1.15, elbow_r=0.45,
        spread_r=0.12, arm_l=0.10, elbow_l=0.25, spread_l=0.15, nod=0.45, look=0.25, lift=0.3,
    )  # fmt: skip


def _play(seconds: float, _share: float) -> Pose:
    strum = math.sin(seconds * 9.0)
    return PLAY + _breath(seconds) + pose(elbow_r=0.10 * strum, arm_r=0.06 * strum, nod=0.05 * math.sin(seconds * 4.5))


def _fight(seconds: float, _share: float) -> Pose:
    """Raise the blade, strike, and come back on guard."""
    raised = pose(arm_r=1.75, elbow_r=0.25, arm_l=1.55, elbow_l=0.10, lean=-0.20, thigh_r=-0.15, knee_r=-0.2)
    struck = pose(arm_r=0.0, elbow_r=-0.55, arm_l=0.15, elbow_l=-0.65, lean=0.22, thigh_r=0.15, thigh_l=-0.15)
    return between(
        ((0.0, GUARD), (0.42, GUARD + raised), (0.55, GUARD + struck), (0.72, GUARD + struck), (1.0, GUARD)),
        (seconds / STRIKE_SECONDS) % 1.0,
    )


MOTIONS: Mapping[str, Callable[[float, float], Pose]] = MappingProxyType(
    {
        "sit": lambda seconds, _: SIT + pose(lean=0.02 * math.sin(seconds * 1.6), nod=0.04 * math.sin(seconds * 0.8)),
        "kneel": lambda seconds, _: KNEEL + _breath(seconds),
        "lie": lambda seconds, _: LIE + pose(knee_r=0.03 * math.sin(seconds * 1.3)),
        "read": lambda seconds, _: READ + pose(nod=0.04 * math.sin(seconds * 0.9), look=0.08 * math.sin(seconds * 0.5)),
        "meditate": lambda seconds, _: CROSS_LEGGED + pose(lean=0.012 * math.sin(seconds * 1.2)),
        "fish": lambda seconds, _: FISH + pose(elbow_r=0.08 * math.sin(seconds * 1.4)),
        "look_up": lambda seconds, _: STAND + _breath(seconds) + pose(nod=0.50, lean=-0.06, look=0.05),
        "turn_round": lambda seconds, share: STAND + _breath(seconds) + pose(turn=2 * math.pi * ease(share)),
        "wave": _wave,
        "float": _float,
        "jump": _jump,
        "dance": _dance,
        "bow": _bow,
        "fly": _fly,
        "swim": _swim,
        "play": _play,
        "fight": _fight,
    }
)


def strides(phase: float, stride: float, *, running: bool, build: Build, gait: Gait) -> Pose:
    """Steps, one turn of `phase` for two: a foot on the ground moves back exactly as fast as the body goes on."""
    low_gravity = gait.is_light
    on_ground = 0.32 if running else 0.46 if low_gravity else 0.60  # of the turn, each foot
    leg = build.thigh + build.shin
    crouch, bob = (0.115, 0.020) if running else (0.050, 0.014)
    turn = phase / (2 * math.pi)
    hip = leg * (1 - crouch) - bob * math.cos(4 * math.pi * (turn - (0.30 if running else 0.05)))
    kick = 0.24 if running else 0.10
    legs = [_step((turn + half) % 1.0, stride, on_ground, hip, kick, build) for half in (0.0, 0.5)]
    (thigh_r, knee_r, foot_r), (thigh_l, knee_l, foot_l) = legs
    swing, elbow, lean = (0.85, 1.45, 0.20) if running else (0.42, 0.28, 0.05)
    forth = math.cos(2 * math.pi * (turn - 0.02))  # the right foot is in front
    airborne = (turn * 2) % 1.0 / 2
    flight = max(0.0, (airborne - on_ground) / max(1e-6, 0.5 - on_ground)) if on_ground < 0.5 else 0.0
    lift = (0.055 if low_gravity else 0.045) * math.sin(math.pi * min(1.0, flight))
    return pose(
        lean=lean, thigh_r=thigh_r, knee_r=knee_r, foot_r=foot_r, thigh_l=thigh_l, knee_l=knee_l, foot_l=foot_l,
        arm_r=-swing * forth - 0.02, elbow_r=elbow - 0.22 * forth, spread_r=0.10,
        arm_l=swing * forth - 0.02, elbow_l=elbow + 0.22 * forth, spread_l=0.10,
        twist=-(0.32 if running else 0.22) * forth, look=0.38, lift=lift, nod=0.02 * math.cos(4 * math.pi * turn),
    )  # fmt: skip


def _step(
    turn: float, stride: float, on_ground: float, hip: float, kick: float, build: Build
) -> tuple[float, float, float]:
    """Thigh, knee and foot of one leg, `turn` (0..1) after its heel touched the ground."""
    half = stride * on_ground / 2
    toe_off = 0.62
    rolled = build.foot * 0.7 * math.sin(toe_off)  # the heel's height when the toe leaves the ground
    if turn < on_ground:
        share = turn / on_ground
        lifted = ease((share - 0.58) / 0.42)
        landing = ease(1 - share / 0.18)
        x, y, foot = half - stride * turn, rolled * lifted, 0.30 * landing - toe_off * lifted
    else:
        share = (turn - on_ground) / (1 - on_ground)
        pull = -stride * (1 - on_ground)  # it leaves and lands as fast as the ground moves
        x = _hermite(share, -half, half, pull, pull)
        y = rolled * (1 - share) ** 3 + kick * math.sin(math.pi * share) * (1 - share) * 1.6
        foot = -toe_off + (0.30 + toe_off) * ease(share * 1.1)
        if kick > 0.2:
            foot -= 0.9 * math.sin(math.pi * share) * (1 - share)
    thigh, knee = reach(x, y - hip, build)
    return thigh, knee, foot


def _hermite(share: float, start: float, end: float, start_slope: float, end_slope: float) -> float:
    squared, cubed = share**2, share**3
    return (
        start * (2 * cubed - 3 * squared + 1)
        + start_slope * (cubed - 2 * squared + share)
        + end * (3 * squared - 2 * cubed)
        + end_slope * (cubed - squared)
    )


def ease(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def between(keys: tuple[tuple[float, Pose], ...], share: float) -> Pose:
    for (start, first), (end, second) in pairwise(keys):
        if share <= end:
            return first + (second - first) * ease((share - start) / (end - start))
    return keys[-1][1]


def is_acted(action: str) -> bool:
    """Whether a body knows how to do this."""
    return action in MOTIONS or action in ("stand", "stand_up", "walk", "run")
