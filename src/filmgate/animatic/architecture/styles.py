"""What old towns of three regions are built of: south of the Yangtze, Italy, and the Aegean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """Colours of walls, roofs and woodwork, and which kinds of house a town is built of."""

    walls: tuple[str, ...]
    roofs: tuple[str, ...]
    wood: tuple[str, ...]
    kinds: tuple[str, ...]
    trees: tuple[str, ...]  # colours of leaves
    pointed: float = 0.0  # share of cypresses among the trees
    lanterns: bool = False
    willows: bool = False
    steep_bridges: bool = False


JIANGNAN = Style(
    walls=("f1ede4", "e8e4da", "f6f3ec", "dcd8ce"),
    roofs=("3c4148", "464b51", "34383f"),
    wood=("5a3426", "6b3f2c", "4a2f26"),
    kinds=("eaves", "eaves", "gallery", "steps", "steps"),
    trees=("5a7a44", "4d6e3e", "6f8c4a"),
    lanterns=True,
    willows=True,
    steep_bridges=True,
)
EUROPEAN = Style(
    walls=("e8c99a", "d99a6c", "f0ddb8", "c97f5e", "e6b8a0", "f2e6cf", "b8c4b0", "dfae6a"),
    roofs=("a8543a", "b8653f", "96482f", "c07850"),
    wood=("3f6b5a", "5a7f8f", "7a4a34", "46586a"),
    kinds=("gable", "ridge", "ridge", "gable", "tower"),
    trees=("4f7040", "3f6238", "66854a"),
    pointed=0.6,
)
AEGEAN = Style(
    walls=("f8f8f6", "f2f4f6", "ffffff", "eef0f2"),
    roofs=("f4f4f2", "eceff2"),
    wood=("2f6fb0", "2a5f9c", "3f86c4"),
    kinds=("cube", "cube", "cube", "dome", "cube"),
    trees=("c8458f", "d65aa0", "5c7d4a"),
)
