"""A figure: a body that acts, what it is made of, what hangs from it, and in which order that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from filmgate.animatic.figures.people.acting import Habit, acted, eyes_open, is_acted, planted
from filmgate.animatic.figures.people.rig import Rig
from filmgate.animatic.figures.people.skeleton import Build, Pose, Stance, seen, skeleton
from filmgate.animatic.figures.performance import Gait, State
from filmgate.animatic.figures.puppet import Shape

THREE_QUARTERS = 0.42  # radians from profile towards us: how figures are shown when they cross the picture


@dataclass(frozen=True, slots=True)
class Air:
    """What moves cloth and hair: time, the wind (1 is usual) and how fast the figure goes through it (1 walks)."""

    seconds: float
    phase: float  # of the stride, radians
    wind: float
    speed: float


Drape = Callable[[Stance, Air, int], list[Shape]]
"""What hangs from a figure and swings, as shapes of the given part."""

Order = Sequence[Sequence[str]]
"""Groups of pieces from back to front; those of one entry form one body."""


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """All that is needed to draw someone at any moment. `drapes` go by group like the pieces of the rig."""

    build: Build
    gait: Gait
    rig: Rig
    drapes: Mapping[str, Drape] = field(default_factory=lambda: MappingProxyType({}))
    phase: float = 0.0  # seconds, so that no two blink together
    wind: float = 1.0
    habit: Habit = Habit.NONE
    pose: Callable[[State], Pose] | None = None  # in place of the actions of a body

    def shapes(self, state: State, yaw: float = THREE_QUARTERS) -> list[Shape]:
        """The figure at one moment, back to front, in body heights, its feet at the origin."""
        known = self._known(state)
        angles = acted(known, self.gait, self.build, self.habit) if self.pose is None else self.pose(known)
        bones = skeleton(angles, self.build, planted(known))
        stance = seen(bones, yaw, eyes_open(known, self.phase))
        order = body_order(stance, known)
        part_of = {group: part for part, groups in enumerate(order) for group in groups}
        placed = self.rig.shapes(stance, part_of)
        shapes: list[list[Shape]] = [[] for _ in order]
        air = Air(known.seconds + self.phase, known.phase, self.wind, known.effort * known.blend)
        for group, drape in self.drapes.items():
            part = part_of.get(group)
            if part is not None:
                shapes[part] += drape(stance, air, part)
        for shape in placed:
            shapes[shape.part].append(shape)
        return [shape for body in shapes for shape in body]

    def _known(self, state: State) -> State:
        """The state with what this body cannot do replaced by standing there."""
        if is_acted(state.action) and is_acted(state.before):
            return state
        action, before = (name if is_acted(name) else "stand" for name in (state.action, state.before))
        return replace(state, action=action, before=before)


# What an action needs in the hands: a group of pieces or a drape.
PROPS: Mapping[str, str] = MappingProxyType({"read": "book", "fish": "rod", "play": "guitar", "fight": "sword"})
HANDS_FREE = frozenset({"meditate", "lie", "read", "play", "fish", "fly", "swim"})  # what was held is laid aside


def body_order(stance: Stance, state: State) -> Order:
    """Far limbs, trunk, head, near arm. What is worn on the back changes sides when the figure does."""
    near, far = ("R", "L") if stance.near == 0 else ("L", "R")
    prop = (PROPS[state.action],) if state.action in PROPS else ()
    right_hand = () if state.action in HANDS_FREE else ("held_R",)
    held = {"R": right_hand, "L": ("held_L",)}
    legs: list[tuple[str, ...]] = [(f"leg_{near}",)]
    trunk: list[tuple[str, ...]] = [("skirt", "trunk", "collar"), ("over_trunk",)]
    middle = trunk + legs if state.action in ("meditate", "read") else legs + trunk
    front: list[tuple[str, ...]] = [
        (*held[far], f"arm_{far}", f"leg_{far}"),
        ("mount",),
        *middle,
        ("neck", "over_neck", "head"),
        ("over_head", "hat"),
        prop,
        held[near],
        (f"arm_{near}",),
        ("over",),
    ]
    if stance.back_to_us:
        return [*front[:-2], ("behind",), ("hair",), *front[-2:]]
    return [("behind",), ("hair",), *front]
