"""What grows: the leaves, bark and floor of each kind of forest in each season, under the light of a palette."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import from_hex, mix
from filmgate.animatic.palettes import Palette
from filmgate.animatic.plants.leaves import BROAD, LANCES, LeafShape, ramp
from filmgate.animatic.raster import Floats, Pixels

Colours = tuple[str, str, str, str]  # deep shade, shade, light, full sun

SPRING: tuple[Colours, Colours] = (("2c4a1c", "5f9a34", "b4da62", "eaf7a8"), ("3a5a20", "86b440", "d6e878", "f8fbc0"))
SUMMER: tuple[Colours, Colours] = (("1a3a1a", "37742c", "8fbe44", "d8ee84"), ("2a4a1a", "5c8e30", "b6d050", "eef49a"))
AUTUMN: tuple[Colours, Colours] = (("5c260c", "bc5a16", "f0a02c", "ffdc78"), ("58120c", "ae2c1a", "e4602a", "ffae60"))
BLOSSOM: tuple[Colours, Colours] = (("94305c", "e46c9c", "ffb2cc", "fff0f4"), ("a8487c", "f094b8", "ffd6e4", "ffffff"))
SPRUCE: tuple[Colours, Colours] = (("12281f", "2a5138", "6c9454", "bccc84"), ("1a301f", "38603a", "84a458", "ccd88c"))
SNOWY: tuple[Colours, Colours] = (("22333a", "7f98ac", "e2ecf6", "ffffff"), ("2a3c44", "90a6ba", "ecf3fa", "ffffff"))
BAMBOO: tuple[Colours, Colours] = (("1e441c", "4f8f34", "a6cf58", "e6f4a0"), ("2e5420", "74a83c", "c8de6c", "f6f8b4"))
JUNGLE: tuple[Colours, Colours] = (("0c2a18", "22683a", "6cb04c", "c8e67c"), ("163a16", "428432", "a0cc4c", "e8f088"))


@dataclass(frozen=True, slots=True)
class Growth:
    """One kind of forest. Colours are in neutral light."""

    leaves: tuple[Colours, Colours]
    undergrowth: tuple[Colours, Colours]
    bark: tuple[str, str]
    floor: tuple[str, str]  # grass or moss, and earth
    litter: tuple[str, ...] = ()  # what lies on the floor or flowers on it
    shape: LeafShape = BROAD
    leaf_px: float = 11.0  # of leaves in the middle distance, at 720p
    conifers: float = 0.0  # share of the trees
    trunks: str = "bark"  # or birch, culm
    crowding: float = 1.0
    girth: float = 1.0
    bare: bool = False
    ferns: bool = True
    vines: bool = False


KINDS: Mapping[str, Growth] = MappingProxyType(
    {
        "mixed": Growth(SUMMER, SUMMER, ("2a2018", "8a6a4a"), ("4f7a30", "5a4630"), conifers=0.34),
        "pine": Growth(SUMMER, SPRUCE, ("2c1c16", "96684a"), ("48683a", "6a4a34"), conifers=0.85),
        "bamboo": Growth(
            BAMBOO,
            BAMBOO,
            ("1c3a1a", "a8c866"),
            ("6a8a3c", "7a6a44"),
            ("c8b878", "a89858"),
            shape=LANCES,
            leaf_px=13.0,
            trunks="culm",
            crowding=2.4,
            girth=0.62,
            ferns=False,
        ),
        "birch": Growth(
            SPRING,
            SUMMER,
            ("3c3a40", "f4f0e8"),
            ("5c8a38", "5c4c38"),
            leaf_px=9.0,
            trunks="birch",
            crowding=1.3,
            girth=0.7,
        ),
        "jungle": Growth(
            JUNGLE,
            JUNGLE,
            ("1c1a12", "6e6244"),
            ("2f6430", "4a3c28"),
            leaf_px=20.0,
            crowding=1.2,
            girth=1.3,
            vines=True,
        ),
        "blossom": Growth(
            BLOSSOM,
            SPRING,
            ("241a1c", "7c5c56"),
            ("6c9a44", "6c543c"),
            ("fbd8e2", "f4b8c8", "ffeef2"),
            leaf_px=8.0,
            girth=0.8,
            ferns=False,
        ),
    }
)


def growth_for(features: frozenset[str], season: str | None, weather: str | None) -> Growth:
    """The forest that a prompt names, as its season leaves it."""
    kind = next((name for name in KINDS if name in features), "mixed")
    growth = KINDS[kind]
    if season is None:
        season = "winter" if weather == "snow" else None
    evergreen = kind in ("bamboo", "jungle")
    if season == "autumn" and not evergreen:
        return replace(
            growth,
            leaves=AUTUMN,
            undergrowth=AUTUMN,
            floor=("a06a2a", "6a4426"),
            litter=("e08a2a", "c8501e", "f0b848", "8a2c14", "d8702a"),
            conifers=growth.conifers * 0.35,
        )
    if season == "winter":
        snowy = replace(growth, undergrowth=SNOWY, floor=("f0f4fa", "c4d0e0"), litter=(), ferns=False)
        return replace(snowy, leaves=SNOWY, bare=not evergreen, conifers=max(growth.conifers, 0.55) * (not evergreen))
    if season == "spring" and kind in ("mixed", "pine"):
        flowers = ("f4f0f8", "f8e070", "c8a0e8", "f0b0c8")
        return replace(growth, leaves=SPRING, undergrowth=SPRING, floor=("74a83c", "6a5638"), litter=flowers)
    return growth


def lit(colour: str | Floats, palette: Palette, sun: float | Floats) -> Floats:
    """Neutral colours (..., 3) under this palette: `sun` (a number, or (..., 1)) 0 is skylight alone, 1 full light."""
    neutral = from_hex(colour) if isinstance(colour, str) else colour
    if palette.moon or palette.name in ("dusk", "neon"):  # little light: the eye sees few colours
        grey = (neutral @ np.array([0.3, 0.55, 0.15], np.float32))[..., None]
        neutral = mix(neutral, grey * mix(np.ones(3, np.float32), palette.glow, 0.5) * 1.1, 0.62)
    light = palette.ambient * (0.88 - 0.38 * sun) + palette.light * (sun * 0.78)
    return np.clip(neutral * light * (0.62 if palette.dark else 1.0), 0, 1).astype(np.float32)


def leaf_ramps(
    colours: tuple[Colours, Colours], palette: Palette, haze: Floats, distance: float
) -> tuple[Pixels, Pixels]:
    """Tables for leaves at `distance` (0 at our feet, 1 lost in `haze`), backlit by the palette's sun."""
    return _ramp(colours[0], palette, haze, distance), _ramp(colours[1], palette, haze, distance)


def bark_ramp(bark: tuple[str, str], palette: Palette, haze: Floats, distance: float) -> Pixels:
    dark, bright = (lit(colour, palette, sun) for colour, sun in zip(bark, (0.2, 0.9), strict=True))
    stops = (dark * 0.5, dark, mix(dark, bright, 0.6), np.clip(bright + palette.rim * 0.12, 0, 1))
    return ramp(*(mix(stop, haze, distance) for stop in stops))


def _ramp(colours: Colours, palette: Palette, haze: Floats, distance: float) -> Pixels:
    stops = [lit(colour, palette, sun) for colour, sun in zip(colours, (0.0, 0.35, 0.9, 1.0), strict=True)]
    stops[3] = np.clip(stops[3] + palette.rim * (0.05 if palette.dark else 0.12), 0, 1)  # light shines through leaves
    return ramp(*(mix(stop, haze, distance) for stop in stops))
