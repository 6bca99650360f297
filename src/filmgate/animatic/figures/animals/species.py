"""What kinds of four-legged animals there are: proportions, limbs, faces and coats, read from species.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from filmgate.animatic.raster import Floats, Points

NONE = "none"  # in place of a colour or a kind, takes away what `like` brought


@dataclass(frozen=True, slots=True)
class Species:
    """One animal. Lengths in heights of the back, angles in radians; species.toml says what each field means."""

    size: float
    coats: tuple[str, ...]
    length: float
    withers: float
    croup: float
    chest: float
    belly: float
    waist: float
    breast: float
    buttock: float
    sag: float
    hip: float
    shoulder: float
    haunch: float
    blade: float
    bone: float
    limbs: str
    neck: float
    neck_angle: float
    neck_curve: float
    neck_base: float
    neck_top: float
    head: float
    head_angle: float
    face: str
    ear: float
    tail: float
    tail_angle: float
    tail_curl: float
    tail_width: float
    tail_shape: str
    walk: float
    run: float
    ear_shape: str = "pointed"
    ear_at: tuple[float, float] = (0.05, 0.2)
    ear_angle: float = 0.0
    walk_gait: str = "walk"
    run_gait: str = "gallop"
    mane: str = NONE
    horns: str = NONE
    humps: int = 0
    trunk: float = 0.0
    wool: float = 0.0
    beard: bool = False
    udder: bool = False
    tail_stiff: bool = False
    biped: bool = False
    sits: bool = False
    lies_on_paws: bool = False
    grazes: bool = False
    wags: bool = False
    under: str = NONE
    face_colour: str = NONE
    leg_colour: str = NONE
    ear_colour: str = NONE
    ear_tip: str = NONE
    tail_colour: str = NONE
    tail_tip: str = NONE
    mane_colour: str = "2a2018"
    horn_colour: str = "c9b18a"
    socks: str = NONE
    hoof: str = "241c18"
    nose: str = "241c1a"
    eye_colour: str = NONE
    marks: tuple[Mapping[str, Any], ...] = ()

    @property
    def clearance(self) -> float:
        """Height of the breastbone when it stands."""
        return self.withers - self.chest


@dataclass(frozen=True, slots=True, eq=False)
class Limbs:
    """A build of legs. Arrays have a row for the hind and one for the fore leg; lengths in heights of the joint."""

    lengths: Floats  # (2, 4): upper, lower, cannon, pastern
    lean: Floats  # (2,) of the cannon, its foot forwards
    slope: Floats  # (2,) of the foot below level
    foot: float
    hoofed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A head in profile, in lengths of the head from the joint at the nape, x towards the nose."""

    profile: Points
    eye: Floats  # x, y, radius
    nostril: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    widths: Floats
    flow: float


@dataclass(frozen=True, slots=True, eq=False)
class Anatomy:
    """Everything of species.toml."""

    species: Mapping[str, Species]
    limbs: Mapping[str, Limbs]
    faces: Mapping[str, Face]
    ears: Mapping[str, Points]
    tails: Mapping[str, Tail]
    horns: Mapping[str, Points]


@cache
def anatomy() -> Anatomy:
    """The tables of species.toml. Immutable; parsed on first use."""
    text = files("filmgate.animatic.figures.animals").joinpath("species.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    rows: dict[str, dict[str, Any]] = tables["species"]
    return Anatomy(
        species=MappingProxyType({name: _species(rows, name) for name in rows}),
        limbs=MappingProxyType({name: _limbs(row) for name, row in tables["limbs"].items()}),
        faces=MappingProxyType({name: _face(row) for name, row in tables["faces"].items()}),
        ears=MappingProxyType({name: np.array(points, np.float64) for name, points in tables["ears"].items()}),
        tails=MappingProxyType(
            {name: Tail(np.array(row["widths"], np.float64), row["flow"]) for name, row in tables["tails"].items()}
        ),
        horns=MappingProxyType({name: np.array(points, np.float64) for name, points in tables["horns"].items()}),
    )


def species() -> Mapping[str, Species]:
    """Every four-legged animal, by the name that lexicon/animals.toml gives it."""
    return anatomy().species


def _species(rows: Mapping[str, dict[str, Any]], name: str) -> Species:
    values = _inherited(rows, name)
    for listed in ("coats", "ear_at", "marks"):
        if listed in values:
            values[listed] = tuple(values[listed])
    return Species(**values)


def _inherited(rows: Mapping[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """A row over the one that it is like, which may be like another."""
    own = dict(rows[name])
    like = own.pop("like", None)
    return own if like is None else _inherited(rows, like) | own


def _limbs(row: Mapping[str, Any]) -> Limbs:
    pair = (row["hind"], row["fore"])
    return Limbs(
        lengths=np.array([leg["lengths"] for leg in pair], np.float64),
        lean=np.array([leg["lean"] for leg in pair], np.float64),
        slope=np.array([leg["slope"] for leg in pair], np.float64),
        foot=row["foot"],
        hoofed=row.get("hoofed", False),
    )


def _face(row: Mapping[str, Any]) -> Face:
    return Face(*(np.array(row[name], np.float64) for name in ("profile", "eye", "nostril")))
