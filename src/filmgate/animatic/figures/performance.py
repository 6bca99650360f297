"""What a figure does over a clip: segments of action, how far it has come, and where in its stride it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from filmgate.animatic.colour import smoothstep

RAMP_SECONDS = 0.7  # speed changes over this time
RESTING = frozenset({"sit", "kneel", "lie", "read", "meditate", "fish"})
STAND_UP_SECONDS = 2.4
HOLD_SECONDS = 0.45  # how long one still sits before standing up
TURN_HEIGHTS = 0.5  # turning round takes this much of the way
ROUND_HEIGHTS = 0.9  # so does turning round of a figure that can be seen from any side
NARROWEST = 0.45  # a flat figure seen from the front would be a line


@dataclass(frozen=True, slots=True)
class Gait:
    """Speeds in body heights a second and stride (two steps) in body heights."""

    speeds: dict[str, float]
    strides: dict[str, float]
    slowness: float = 1.0  # of standing up: more than one for the old, and where gravity is weak
    is_light: bool = False  # whether each step is a small leap

    def cadence(self, action: str) -> float:
        return self.speeds.get(action, 0.0) / self.strides.get(action, 1.0)


@dataclass(frozen=True, slots=True)
class Segment:
    action: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class State:
    """One moment: the action, how far through its segment (0..1), how much of it has replaced the one before."""

    action: str
    before: str
    share: float
    blend: float
    seconds: float
    distance: float  # body heights
    phase: float  # radians, one turn per stride
    effort: float  # speed over walking speed


@dataclass(frozen=True, slots=True)
class Performance:
    segments: tuple[Segment, ...]
    gait: Gait

    def at(self, seconds: float) -> State:
        seconds = max(0.0, seconds)
        distance = cycles = 0.0
        previous_action = self.segments[0].action
        speed_before = self.gait.speeds.get(previous_action, 0.0)
        cadence_before = self.gait.cadence(previous_action)
        current, before = self.segments[0], previous_action
        for segment in self.segments:
            speed, cadence = self.gait.speeds.get(segment.action, 0.0), self.gait.cadence(segment.action)
            last = segment is self.segments[-1]
            elapsed = (seconds if last else min(seconds, segment.end)) - segment.start
            if elapsed < 0:
                break
            distance += _ramped(elapsed, speed_before, speed)
            cycles += _ramped(elapsed, cadence_before, cadence)
            current, before = segment, previous_action
            previous_action, speed_before, cadence_before = segment.action, speed, cadence
        elapsed = seconds - current.start
        blend = float(smoothstep(0, RAMP_SECONDS, elapsed)) if before != current.action else 1.0
        return State(
            action=current.action,
            before=before,
            share=min(1.0, elapsed / max(1e-6, current.end - current.start)),
            blend=blend,
            seconds=seconds,
            distance=distance,
            phase=2 * math.pi * cycles,
            effort=self.gait.speeds.get(current.action, 0.0) / max(1e-6, self.gait.speeds.get("walk", 1.0)),
        )


def plan(actions: tuple[str, ...], duration: float, gait: Gait, usual: str) -> Performance:
    """Lay the prompt's actions over the clip. Who is to stand up sits first; who sat and goes on must stand up."""
    wanted = list(actions) or [usual]
    steps: list[str] = []
    for action in wanted:
        if action == "stand_up" and (not steps or steps[-1] not in RESTING):
            steps.append("sit")
        if action not in (*RESTING, "stand_up") and steps and steps[-1] in RESTING:
            steps.append("stand_up")
        steps.append(action)
    fixed = {"stand_up": min(STAND_UP_SECONDS * gait.slowness, 0.45 * duration)}
    if "stand_up" in steps and steps[0] in RESTING:
        fixed[steps[0]] = min(HOLD_SECONDS, 0.1 * duration)
    free = [step for step in steps if step not in fixed]
    rest = max(0.0, duration - sum(fixed[step] for step in steps if step in fixed))
    segments: list[Segment] = []
    time = 0.0
    for step in steps:
        length = fixed.get(step, rest / max(1, len(free)))
        segments.append(Segment(step, time, time + length))
        time += length
    return Performance(tuple(segments), gait)


def path(distance: float, half_length: float) -> tuple[float, float]:
    """Where one is on a line walked to and fro, -half_length..half_length, and which way one faces (-1..1)."""
    span = 2 * half_length
    if span <= 0:
        return 0.0, 1.0
    lap, along = divmod(distance, span)
    onward = 1.0 if int(lap) % 2 == 0 else -1.0
    place = (along - half_length) * onward
    facing = onward
    if span - along < TURN_HEIGHTS / 2:
        facing *= float(smoothstep(0, 1, (span - along) / TURN_HEIGHTS)) * 2
    elif lap > 0 and along < TURN_HEIGHTS / 2:
        facing *= float(smoothstep(0, 1, along / TURN_HEIGHTS)) * 2
    return place, math.copysign(max(NARROWEST, min(1.0, abs(facing))), facing)


def around(distance: float, half_length: float, yaw: float, turn_heights: float) -> tuple[float, float]:
    """Like `path`, for a figure that can be seen from any side: its place, and its yaw (pi/2 towards us).

    It walks at `yaw` to the right, turns towards us in a small half-circle, and walks back; as its speed across the
    picture is that of its feet at every yaw, they do not slide.
    """
    slow, sweep = math.cos(yaw), math.pi - 2 * yaw
    straight = 2 * half_length / slow
    lap, along = divmod(distance, straight + turn_heights)
    if along <= straight:
        place, facing = along * slow - half_length, yaw
    else:
        facing = yaw + sweep * (along - straight) / turn_heights
        place = half_length + turn_heights / sweep * (math.sin(facing) - math.sin(yaw))
    return (place, facing) if int(lap) % 2 == 0 else (-place, math.pi - facing)


def _ramped(elapsed: float, before: float, after: float) -> float:
    """The integral of a value that goes from `before` to `after` over the ramp and then stays."""
    inside = min(elapsed, RAMP_SECONDS)
    return (
        before * inside + (after - before) * inside**2 / (2 * RAMP_SECONDS) + after * max(0.0, elapsed - RAMP_SECONDS)
    )
