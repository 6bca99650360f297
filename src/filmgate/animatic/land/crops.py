"""What covers open land: its colours, what stands in it near us, and the stems that bow along the lower edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from filmgate.animatic.plants.growths import Colours


@dataclass(frozen=True, slots=True)
class Crop:
    """Colours are in neutral light. Lengths are eye heights."""

    grass: tuple[str, str]  # two colours that the land wavers between
    stems: Colours  # of what stands near us, deep shade to full sun
    heads: tuple[str, ...] = ()  # colours of flowers or ears
    head: str = "none"  # or ear, poppy, daisy, sunflower, tulip, spike
    heads_per_base: float = 0.0  # along the lower edge
    tall: float = 0.22  # of stems at the lower edge, in bases
    rows: float = 0.0  # distance between planted rows, 0 for none
    bands: bool = False  # each row of another colour
    patchy: float = 0.0  # share of the ground that tufts cover, 0 for all of it
    tufts: float = 0.0  # height of tufts that cover the near ground, 0 for a lawn
    dots: float = 0.0  # how thickly flowers stand in the distance, 0..1
    gusts: float = 0.5  # how much the wind shows in it


GREEN: Colours = ("4c7228", "6f9a38", "9cc04e", "e0ee90")
DRY: Colours = ("8c7034", "b8964c", "e0c476", "f8e8ac")
GOLD: Colours = ("a06f22", "cc9436", "ecbc50", "ffe08c")
FROST: Colours = ("5a6a74", "9aacb8", "dfe8f0", "ffffff")

CROPS: Mapping[str, Crop] = MappingProxyType(
    {
        "meadow": Crop(
            ("8cb048", "5f8836"),
            GREEN,
            ("fbfbf4", "f8dc54", "e890b4"),
            "daisy",
            26,
            0.10,
            tufts=0.15,
            patchy=0.30,
            dots=0.22,
        ),
        "wheat": Crop(("e6bc58", "c08a34"), GOLD, ("f2cc6c", "d9a440"), "ear", 95, 0.15, tufts=0.30, gusts=1.0),
        "rice": Crop(
            ("a8c450", "7ea83a"), ("36541a", "6f9a30", "b4cc54", "ecf2a0"), ("e6dc7c",), "ear", 70, 0.13, tufts=0.24
        ),
        "flowers": Crop(
            ("6c9c3c", "4c7c30"),
            GREEN,
            ("e8362a", "f47a3a", "f8e8ec", "d858a0", "f6c83c"),
            "poppy",
            46,
            0.12,
            dots=0.75,
            tufts=0.19,
            patchy=0.8,
        ),
        "tulips": Crop(
            ("5c8c38", "4a7a34"),
            GREEN,
            ("e2303c", "f8c830", "f070a8", "f4ece8", "8a3aa8", "f4822c"),
            "tulip",
            34,
            0.13,
            0.5,
            True,
            tufts=0.24,
        ),
        "lavender": Crop(
            ("7c8a4c", "8a7858"),
            ("54408c", "7a5cc0", "ac90e8", "dccefc"),
            ("8a68d0", "a488e4", "7450bc"),
            "spike",
            120,
            0.13,
            1.0,
            tufts=0.34,
        ),
        "sunflowers": Crop(
            ("6c9434", "50782c"), GREEN, ("f8c21c", "f4a818"), "sunflower", 15, 0.22, 1.0, tufts=0.42, dots=0.9
        ),
        "savanna": Crop(("d8b868", "b08c48"), DRY, tufts=0.24, patchy=0.75, tall=0.13, gusts=0.8),
        "park": Crop(("82ac46", "5c8c38"), GREEN, ("fbfbf4", "f8dc54"), "daisy", 10, 0.05, dots=0.06, gusts=0.2),
        "farm": Crop(("86a848", "648a3a"), GREEN, ("fbfbf4", "f8dc54"), "daisy", 12, 0.08, dots=0.08),
    }
)


def crop_for(features: frozenset[str], season: str | None) -> tuple[str, Crop]:
    """The crop that a prompt names and its name, as the season leaves it."""
    name = next((name for name in CROPS if name in features), "flowers" if "blossom" in features else "meadow")
    crop = CROPS[name]
    if season == "winter":
        bare = replace(crop, grass=("f0f4fa", "dfe6f0"), stems=FROST, heads=(), head="none", dots=0.0, gusts=0.15)
        return name, replace(bare, rows=0.0, bands=False, tufts=0.0, patchy=0.0, tall=0.06)
    if season == "autumn" and name in ("meadow", "park", "farm"):
        return name, replace(crop, grass=("b89a4c", "8a7a38"), stems=DRY, heads=("f0e8d0", "c8743a"), dots=0.05)
    if season == "spring" and name in ("meadow", "park", "farm"):
        fresh = replace(crop, grass=("86b84a", "5c9636"), heads=("f8e05c", "fdfdf8", "f4a8c4", "b890e8"))
        return name, replace(fresh, dots=0.45, heads_per_base=30)
    return name, crop
