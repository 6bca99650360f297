"""Drawing of four-legged animals: everything that can be worked out once for a kind and its coat, and then a pose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures import appendages
from filmgate.animatic.figures.appendages import CIRCLE, LOCKS, Chain, Mood
from filmgate.animatic.figures.coat import Mark, Skin, colour_of, hump, leg_rings, marks_on, udder, under_side
from filmgate.animatic.figures.gaits import HIND
from filmgate.animatic.figures.performance import Gait, State
from filmgate.animatic.figures.postures import SLEEP, TAIL, Pose, build_frame, pose_at
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.figures.quadruped import NODES, Body, Bones, build_body
from filmgate.animatic.figures.species import NONE, Face, Species, anatomy
from filmgate.animatic.figures.splines import Loop, loop_through
from filmgate.animatic.raster import Floats, Points

BODY_PART, FAR_HIND, FAR_FORE, EAR_PART = 0, 1, 2, 3
FAR_SHADE = 0.64  # of the coat's colour, on the legs of the other side
FAR_OFFSET = (0.045, 0.014)  # where those stand, further off
HOOF_FROM, SOCK_FROM = 6.45, 4.2  # nodes of a leg
BELLY_BANDS = (
    (0.50, 0.15),
    (0.43, 0.32),
    (0.36, 0.50),
    (0.29, 0.68),
    (0.22, 0.85),
    (0.15, 1.0),
)  # height, share of the colour
STEPS = 4  # points of an outline between two that it goes through
CHEEK_LINE = (
    [-0.1, 0.2, 0.4, 0.6, 0.8, 1.0],
    [-0.20, -0.20, -0.17, -0.09, 0.0, 0.02],
)  # x, y: below it a face is light
DARK = np.array([0.055, 0.045, 0.045], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class LegCut:
    """A piece of every leg that has its own colour: rows over a hind and a fore leg's points."""

    rows: Floats  # (2, points, controls)
    colour: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Outlines that are one multiplication: rows over the body's points, and where each outline begins."""

    rows: Floats
    ends: tuple[int, ...]
    colours: tuple[Floats, ...]

    def shapes(self, points: Points) -> list[Shape]:
        if not self.colours:
            return []
        placed = self.rows @ points
        return [
            Shape(outline, colour) for outline, colour in zip(np.split(placed, self.ends), self.colours, strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Beast:
    """One animal in its coat. `shapes` is all that moves."""

    kind: Species
    body: Body
    face: Face
    coat: Floats
    under: Sheet  # the trunk and what the near legs may hide
    over: Sheet  # what is painted across the tops of the near legs too
    legs: Floats  # (2, points, controls)
    cuts: tuple[LegCut, ...]
    leg_colour: Floats
    head_rows: Floats
    crest: Floats | None
    crest_inner: Floats | None
    wool: Floats | None  # how far the fleece stands off, at each point of the trunk's outline
    tail: Chain
    trunk: Chain | None
    ear: Points | None
    horn: Points | None
    face_marks: tuple[tuple[Floats, Floats], ...]

    def shapes(self, state: State, gait: Gait, gust: float = 0.0) -> list[Shape]:
        """Everything to draw, back to front, in heights of the back, facing right."""
        return self.posed(pose_at(self.body.frame, state, gait), state, gust)

    def posed(self, pose: Pose, state: State, gust: float) -> list[Shape]:
        bones = self.body.bones(pose)
        drive = min(1.0, 0.30 * state.effort) * (state.blend if state.effort else 1 - state.blend)
        mood = Mood(state.seconds, state.phase, drive, float(pose.body[TAIL]), float(pose.body[SLEEP]), gust)
        far, near = self._legs(bones)
        return [
            *far,
            *self._tail(bones, mood),
            *self._behind_head(bones, mood),
            *self._trunk(bones),
            *near,
            *self.over.shapes(bones.trunk),
            *self._mane(bones, mood),
            *self._head(bones, mood),
        ]

    def _trunk(self, bones: Bones) -> list[Shape]:
        shapes = self.under.shapes(bones.trunk)
        shapes.insert(1, Shape(bones.neck, self.coat))
        if self.wool is not None:
            shapes[0] = Shape(_fleeced(shapes[0].outline, self.wool), shapes[0].colour)
        return shapes

    def _legs(self, bones: Bones) -> tuple[list[Shape], list[Shape]]:
        """The far legs, each a body of its own, and the near ones, which are one with the trunk."""
        rows = (self.legs, *(cut.rows for cut in self.cuts))
        colours = (self.leg_colour, *(cut.colour for cut in self.cuts))
        far: list[Shape] = []
        near: list[Shape] = []
        for cut, colour in zip(rows, colours, strict=True):
            placed = cut[np.where(HIND, 0, 1)] @ bones.legs
            np.maximum(placed[..., 1], 0.0, out=placed[..., 1])
            placed[:2] += FAR_OFFSET
            shaded = colour * np.float32(FAR_SHADE)
            far += [Shape(placed[0], shaded, part=FAR_HIND), Shape(placed[1], shaded, part=FAR_FORE)]
            near += [Shape(placed[2], colour), Shape(placed[3], colour)]
        return [*far[::2], *far[1::2]], near

    def _tail(self, bones: Bones, mood: Mood) -> list[Shape]:
        kind = self.kind
        if kind.tail <= 0:
            return []
        spine = appendages.tail_spine(kind, self.tail.tail.flow, bones, mood)
        whole, tip = self.tail.outline(spine, kind.tail_width)
        colour = self.coat if kind.tail_colour == NONE else from_hex(kind.tail_colour)
        if kind.tail_shape == "tuft":
            return [Shape(whole, self.coat), Shape(tip, colour)]
        if kind.tail_tip != NONE:
            return [Shape(whole, colour), Shape(tip, from_hex(kind.tail_tip))]
        return [Shape(whole, colour)]

    def _behind_head(self, bones: Bones, mood: Mood) -> list[Shape]:
        kind, shapes = self.kind, list[Shape]()
        if self.horn is not None and kind.horns != "tusks":
            shade = np.float32(0.72)
            shapes.append(Shape(appendages.horn(self.horn, bones, far=True), from_hex(kind.horn_colour) * shade))
        if self.ear is not None and kind.ear_shape not in ("fan", "flop"):
            shapes.append(Shape(appendages.ear(kind, self.ear, bones, mood, far=True), self._ear_colour * 0.72))
        return shapes

    @property
    def _ear_colour(self) -> Floats:
        return self.coat if self.kind.ear_colour == NONE else from_hex(self.kind.ear_colour)

    def _mane(self, bones: Bones, mood: Mood) -> list[Shape]:
        kind = self.kind
        colour = from_hex(kind.mane_colour)
        if kind.mane == "ruff":
            radius = 0.98 * kind.head
            return [
                Shape(appendages.ruff(bones, radius, mood, inner=False), colour * np.float32(0.78)),
                Shape(appendages.ruff(bones, radius, mood, inner=True), colour),
                Shape(self.head_rows @ bones.trunk, self.coat),
            ]
        if self.crest is None or self.crest_inner is None:
            return []
        roots, inner = self.crest @ bones.trunk, self.crest_inner @ bones.trunk
        if kind.mane == "brush":
            return [Shape(np.concatenate([roots, inner[::-1]]), colour)]
        locks = appendages.mane_locks(roots, inner, 0.30 * kind.neck, mood)
        return [Shape(locks, colour), Shape(appendages.forelock(bones, mood), colour)]

    def _head(self, bones: Bones, mood: Mood) -> list[Shape]:
        kind, shapes = self.kind, list[Shape]()
        for local, colour in self.face_marks:
            shapes.append(Shape(bones.nape + local @ bones.head, colour))
        shapes += self._trunk_of_elephant(bones, mood)
        if kind.beard:
            shapes.append(Shape(appendages.beard(bones), self.coat * np.float32(0.85)))
        if self.horn is not None:
            shapes.append(Shape(appendages.horn(self.horn, bones, far=False), from_hex(kind.horn_colour)))
        if self.face.nostril[2] > 0:
            shapes.append(Shape(appendages.nose(self.face.nostril, bones), from_hex(kind.nose)))
        if kind.eye_colour != NONE:
            shapes.append(Shape(appendages.eye(self.face.eye * [1, 1, 1.35], bones, mood), from_hex(kind.eye_colour)))
        shapes.append(Shape(appendages.eye(self.face.eye, bones, mood), DARK))
        if self.ear is not None:
            hangs = kind.ear_shape in ("fan", "flop")
            outline = appendages.ear(kind, self.ear, bones, mood, far=False)
            shade = np.float32(0.86 if hangs else 0.94)
            shapes.append(Shape(outline, self._ear_colour * shade, part=EAR_PART if hangs else BODY_PART))
            if kind.ear_tip != NONE:
                end = appendages.ear(kind, appendages.ear_end(self.ear), bones, mood, far=False)
                shapes.append(Shape(end, from_hex(kind.ear_tip)))
        return shapes

    def _trunk_of_elephant(self, bones: Bones, mood: Mood) -> list[Shape]:
        if self.trunk is None:
            return []
        spine = appendages.trunk_spine(self.kind, bones, mood)
        return [Shape(self.trunk.outline(spine, 0.098)[0], self.coat)]


def _fleeced(outline: Points, wool: Floats) -> Points:
    along = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    along /= np.maximum(np.sqrt(np.einsum("ij,ij->i", along, along)), 1e-9)[:, None]
    return outline + along[:, ::-1] * [-1.0, 1.0] * wool[:, None]


@cache
def beast(name: str, coat_colour: str) -> Beast:
    """The animal called `name` in a coat of one colour ("rrggbb"). Takes a few milliseconds; made before painting."""
    tables = anatomy()
    kind, coat = tables.species[name], from_hex(coat_colour)
    face = tables.faces[kind.face]
    body = build_body(build_frame(kind, tables.limbs[kind.limbs]), face)
    bones = body.bones(body.frame.rest)
    loop = loop_through(bones.trunk)
    skin = Skin(body, loop)
    leg_loops = (loop_through(bones.legs[2]), loop_through(bones.legs[3]))
    ear, horn = appendages.shapes_of_head(kind, tables)
    crest, crest_inner = _crest(kind, skin)
    return Beast(
        kind=kind,
        body=body,
        face=face,
        coat=coat,
        under=_under_sheet(kind, skin, coat),
        over=_sheet(marks_on(skin, kind.marks, coat)),
        legs=np.stack([each.outline(STEPS) for each in leg_loops]),
        cuts=tuple(_leg_cuts(kind, body, leg_loops)),
        leg_colour=coat if kind.leg_colour == NONE else from_hex(kind.leg_colour),
        head_rows=loop.rows(np.linspace(body.nape, body.throat, 40)),
        crest=crest,
        crest_inner=crest_inner,
        wool=_wool(kind, body, loop) if kind.wool > 0 else None,
        tail=appendages.build_chain(
            tables.tails[kind.tail_shape],
            appendages.TAIL_TUFT if kind.tail_shape == "tuft" else appendages.TAIL_TIP,
        ),
        trunk=appendages.build_chain(tables.tails["taper"], 5.0) if kind.trunk > 0 else None,
        ear=ear,
        horn=horn,
        face_marks=tuple(_face_marks(kind, face, coat)),
    )


def _sheet(marks: Sequence[Mark]) -> Sheet:
    if not marks:
        return Sheet(np.zeros((0, 0)), (), ())
    ends = np.cumsum([len(mark.rows) for mark in marks])
    return Sheet(
        np.concatenate([mark.rows for mark in marks]), tuple(ends[:-1].tolist()), tuple(m.colour for m in marks)
    )


def _under_sheet(kind: Species, skin: Skin, coat: Floats) -> Sheet:
    """The outline of the body, shaded towards its under side, and what stands out of it."""
    below = coat * np.float32(0.74) if kind.under == NONE else from_hex(kind.under)
    reach = 1.0 if kind.under == NONE else 1.9
    marks = [Mark(skin.loop.outline(STEPS), coat)]
    marks += [Mark(hump(skin, index, kind.humps), coat) for index in range(kind.humps)]
    marks += [
        Mark(under_side(skin, height, reach), mix(coat, below, share).astype(np.float32))
        for height, share in BELLY_BANDS
    ]
    if kind.udder:
        marks.append(Mark(udder(skin), from_hex("e0a8a0")))
    return _sheet(marks)


def _leg_cuts(kind: Species, body: Body, loops: tuple[Loop, Loop]) -> list[LegCut]:
    cuts: list[LegCut] = []

    def end(start: float, colour: str) -> LegCut:
        at = np.linspace(start, 2 * NODES - start, 21)
        return LegCut(np.stack([loop.rows(at) for loop in loops]), from_hex(colour))

    for pattern in kind.marks:
        if pattern["kind"] == "rings":
            rings = [leg_rings(loop, NODES, pattern) for loop in loops]
            cuts += [
                LegCut(np.stack([hind, fore]), colour_of(pattern, DARK)) for hind, fore in zip(*rings, strict=True)
            ]
    if kind.socks != NONE:
        cuts.append(end(SOCK_FROM, kind.socks))
    if body.frame.limbs.hoofed:
        cuts.append(end(HOOF_FROM, kind.hoof))
    return cuts


def _crest(kind: Species, skin: Skin) -> tuple[Floats | None, Floats | None]:
    """Rows of where a mane is rooted, from the withers up, and of where it ends."""
    if kind.mane not in ("crest", "brush"):
        return None, None
    u = np.linspace(1.02, 2.0, LOCKS)
    if kind.mane == "brush":
        height = 1.0 + np.array([0.0, 0.15, 0.20, 0.22, 0.25, 0.24, 0.08])
        return skin.rows(u, np.full(LOCKS, 0.96)), skin.rows(u, height)
    length = np.array([0.20, 0.38, 0.48, 0.52, 0.52, 0.48, 0.34])
    return skin.rows(u, np.full(LOCKS, 1.0)), skin.rows(np.clip(u - 0.10, 0.9, 2.0), 1.0 - length)


def _wool(kind: Species, body: Body, loop: Loop) -> Floats:
    """Curls all over the trunk, none on the face."""
    at = np.arange(loop.count * STEPS) / STEPS
    nearness = np.minimum(np.abs(at - body.nape + 1), np.abs(at - body.throat - 1))
    bare = (at > body.nape - 1) & (at < body.throat + 1)
    return np.where(bare, 0.0, kind.wool * (0.35 + 0.65 * np.cos(np.pi * np.arange(len(at)))) * np.clip(nearness, 0, 1))


def _face_marks(kind: Species, face: Face, coat: Floats) -> list[tuple[Floats, Floats]]:
    """Outlines on the head, in its lengths, and their colours."""
    marks: list[tuple[Floats, Floats]] = []
    profile = loop_through(face.profile).outline(STEPS) @ face.profile
    if kind.face_colour != NONE:
        marks.append((profile, from_hex(kind.face_colour)))
    elif kind.under != NONE:  # cheeks and muzzle are as light as the belly
        low = profile.copy()
        low[:, 1] = np.minimum(low[:, 1], np.interp(low[:, 0], *CHEEK_LINE))
        marks.append((low, mix(coat, from_hex(kind.under), 0.85).astype(np.float32)))
    for pattern in kind.marks:
        if pattern["kind"] == "face":
            marks += [
                (np.array([x, y]) + CIRCLE * [wide, high], colour_of(pattern, coat))
                for x, y, wide, high in pattern["at"]
            ]
    return marks
