"""Drawing of four-legged animals: everything that can be worked out once for a kind and its coat, and then a pose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.figures.animals import appendages
from filmgate.animatic.figures.animals.appendages import CIRCLE, LOCKS, Chain, Mood
from filmgate.animatic.figures.animals.coat import Skin, colour_of, marks_on
from filmgate.animatic.figures.animals.hide import (
    STEPS,
    Colours,
    LegSheet,
    Sheet,
    colours_of,
    leg_sheet,
    sheet_of,
    under_sheet,
)
from filmgate.animatic.figures.animals.postures import DRIVE, SLEEP, TAIL, Pose, build_frame, pose_at
from filmgate.animatic.figures.animals.quadruped import Body, Bones, build_body
from filmgate.animatic.figures.animals.species import NONE, Face, Species, anatomy
from filmgate.animatic.figures.animals.splines import Loop, loop_through
from filmgate.animatic.figures.performance import Gait, State
from filmgate.animatic.figures.puppet import Shape
from filmgate.animatic.raster import Floats, Points

BODY_PART, EAR_PART = 0, 3  # 1 and 2 are the far legs
# Below this line on the head (x, y) a face is as light as the belly.
CHEEK_LINE = ([-0.1, 0.2, 0.4, 0.6, 0.8, 1.0], [-0.20, -0.20, -0.17, -0.09, 0.0, 0.02])
IRIS = np.array([1.0, 1.0, 1.35])  # its radius over the pupil's
RUFF = 0.98  # radius of a lion's mane, in lengths of the head
MUZZLE = np.array([0.79, -0.075]) + CIRCLE * [0.155, 0.135]
DARK = np.array([0.055, 0.045, 0.045], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Beast:
    """One animal in its coat. `shapes` is all that moves."""

    kind: Species
    body: Body
    face: Face
    colours: Colours
    under: Sheet  # the trunk and what the near legs may hide
    over: Sheet  # what is painted across the tops of the near legs too
    legs: LegSheet
    bare_face: Points  # what a ruff leaves free, in lengths of the head
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
        held = pose.body.tolist()
        mood = Mood(state.seconds, state.phase, held[DRIVE], held[TAIL], held[SLEEP], gust)
        far, near = self.legs.shapes(bones.legs)
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
        shapes.insert(1, Shape(bones.neck, self.colours.coat))
        if self.wool is not None:
            shapes[0] = Shape(_fleeced(shapes[0].outline, self.wool), shapes[0].colour)
        return shapes

    def _tail(self, bones: Bones, mood: Mood) -> list[Shape]:
        kind = self.kind
        if kind.tail <= 0:
            return []
        spine = appendages.tail_spine(kind, self.tail.tail.flow, bones, mood)
        whole, tip = self.tail.outline(spine, kind.tail_width)
        if kind.tail_shape == "tuft":
            return [Shape(whole, self.colours.coat), Shape(tip, self.colours.tail)]
        end = self.colours.tail_tip
        return [Shape(whole, self.colours.tail), *([] if end is None else [Shape(tip, end)])]

    def _behind_head(self, bones: Bones, mood: Mood) -> list[Shape]:
        kind, shapes = self.kind, list[Shape]()
        if self.horn is not None and kind.horns != "tusks":
            shade = np.float32(0.72)
            shapes.append(Shape(appendages.horn(self.horn, bones, far=True), self.colours.horn * shade))
        if self.ear is not None and kind.ear_shape not in ("fan", "flop"):
            shapes.append(Shape(appendages.ear(kind, self.ear, bones, mood, far=True), self.colours.ear * 0.72))
        return shapes

    def _mane(self, bones: Bones, mood: Mood) -> list[Shape]:
        kind = self.kind
        colour = self.colours.mane
        if kind.mane == "ruff":
            layers = [
                Shape(appendages.ruff(bones, RUFF * kind.head, mood, layer), colour * np.float32(0.70 + 0.13 * layer))
                for layer in range(appendages.RUFF_LAYERS)
            ]
            return [*layers, Shape(bones.nape + self.bare_face @ bones.head, self.colours.coat)]
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
            shapes.append(Shape(appendages.beard(bones), self.colours.coat * np.float32(0.85)))
        if self.horn is not None:
            shapes.append(Shape(appendages.horn(self.horn, bones, far=False), self.colours.horn))
        if self.face.nostril[2] > 0:
            shapes.append(Shape(appendages.nose(self.face.nostril, bones), self.colours.nose))
        if self.colours.iris is not None:
            shapes.append(Shape(appendages.eye(self.face.eye * IRIS, bones, mood), self.colours.iris))
        shapes.append(Shape(appendages.eye(self.face.eye, bones, mood), DARK))
        if self.ear is not None:
            hangs = kind.ear_shape in ("fan", "flop")
            outline = appendages.ear(kind, self.ear, bones, mood, far=False)
            shade = np.float32(0.86 if hangs else 0.94)
            shapes.append(Shape(outline, self.colours.ear * shade, part=EAR_PART if hangs else BODY_PART))
            if self.colours.ear_tip is not None:
                end = appendages.ear(kind, appendages.ear_end(self.ear), bones, mood, far=False)
                shapes.append(Shape(end, self.colours.ear_tip))
        return shapes

    def _trunk_of_elephant(self, bones: Bones, mood: Mood) -> list[Shape]:
        if self.trunk is None:
            return []
        spine = appendages.trunk_spine(self.kind, bones, mood)
        return [Shape(self.trunk.outline(spine, 0.098)[0], self.colours.coat)]


def _fleeced(outline: Points, wool: Floats) -> Points:
    along = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    along /= np.maximum(np.sqrt(np.einsum("ij,ij->i", along, along)), 1e-9)[:, None]
    return outline + along[:, ::-1] * [-1.0, 1.0] * wool[:, None]


@lru_cache(maxsize=64)
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
        colours=colours_of(kind, coat),
        under=under_sheet(kind, skin, coat),
        over=sheet_of(marks_on(skin, kind.marks, coat)),
        legs=leg_sheet(kind, body, leg_loops, coat),
        bare_face=appendages.smooth(np.concatenate([face.profile, [[-0.12, 0.0]]])),
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
        light = mix(coat, from_hex(kind.under), 0.85).astype(np.float32)
        # A ruff covers the cheeks; what is left is the muzzle.
        marks.append((MUZZLE if kind.mane == "ruff" else low, light))
    for pattern in kind.marks:
        if pattern["kind"] == "face":
            marks += [
                (np.array([x, y]) + CIRCLE * [wide, high], colour_of(pattern, coat))
                for x, y, wide, high in pattern["at"]
            ]
    return marks
