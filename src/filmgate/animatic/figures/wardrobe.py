"""Who people are: the build, the clothes and the hair of everyone, drawn by chance or as their kind demands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from filmgate.animatic.colour import from_hex
from filmgate.animatic.figures.clothes import Cut, body_pieces, cape, scarf, skirt
from filmgate.animatic.figures.figure import Drape, Figure, clothed_order
from filmgate.animatic.figures.heads import flowing_hair, head_pieces
from filmgate.animatic.figures.performance import Gait
from filmgate.animatic.figures.props import prop_pieces, rod
from filmgate.animatic.figures.rig import Piece, build_rig
from filmgate.animatic.figures.skeleton import Build


def dressed(cut: Cut, build: Build, gait: Gait, *, phase: float = 0.0, wind: float = 1.0, extra: tuple[Piece, ...] = ()) -> Figure:
    """A figure in these clothes. `extra` pieces are drawn over those of their group."""
    pieces = [*body_pieces(cut, build), *head_pieces(cut), *prop_pieces(cut), *extra]
    drapes: dict[str, Drape] = {"rod": rod, **flowing_hair(cut)}
    if cut.hem > 0:
        drapes["skirt"] = skirt(cut.top if cut.skirt is None else cut.skirt, cut.hem, cut.flare)
    if cut.cape is not None:
        drapes["behind"] = cape(cut.cape)
    if cut.scarf:
        drapes["behind"], ring = scarf(cut.accent)
        pieces.append(ring)
    return Figure(build, gait, build_rig(pieces), clothed_order, MappingProxyType(drapes), phase, wind)
