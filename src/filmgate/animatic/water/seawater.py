"""The colours of sea water seen from within, and how it lights what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from filmgate.animatic.colour import from_hex, mix, recolour
from filmgate.animatic.raster import Floats
from filmgate.animatic.scene import Brief


@dataclass(frozen=True, slots=True, eq=False)
class WaterLight:
    """The light under water: what falls from above, what comes from all around, and what distance fades into."""

    light: Floats
    ambient: Floats
    haze: Floats
    thickness: float  # 0..1 of the water between the eye and whatever is lit


@dataclass(frozen=True, slots=True)
class Tint:
    """Colours of the water: the surface seen from below, then down to the deep; the light that falls, and its strength.

    `sand` is how much of the floor's own colour comes through.
    """

    water: tuple[str, str, str, str]
    light: str
    strength: float
    sand: float = 1.0
    glows: bool = False


TINTS: Mapping[str, Tint] = MappingProxyType(
    {
        "day": Tint(("d4fff4", "4fcdd6", "1688b0", "0a4a7c"), "e6fff2", 0.62),
        "golden": Tint(("fff0c0", "e8bc78", "359098", "0f4670"), "ffe2a4", 0.66),
        "sunset": Tint(("ffd9a0", "e08a6a", "57618c", "1c2c5c"), "ffc088", 0.62, 0.9),
        "overcast": Tint(("c4d8cc", "84aaa0", "45706f", "1c4044"), "d4e8dc", 0.34, 0.8),
        "night": Tint(("7c9ce8", "26489c", "102a68", "060f34"), "9cbcff", 0.34, 0.6, glows=True),
        "neon": Tint(("ff9ae8", "8a3cb8", "3a2088", "120a3c"), "e8a0ff", 0.50, 0.6, glows=True),
    }
)
# Palettes that share a tint; any other is like day, or like night if it is dark.
AKIN: Mapping[str, str] = MappingProxyType(
    {"dawn": "golden", "dusk": "night", "storm": "overcast", "pastel": "day", "mars": "sunset", "vacuum": "night"}
)


@dataclass(frozen=True, slots=True, eq=False)
class SeaColours:
    """The tint of one clip, in numbers."""

    surface: Floats
    shallow: Floats
    middle: Floats
    deep: Floats
    light: Floats
    strength: float
    sand: float
    glows: bool

    def behind(self, thickness: float) -> WaterLight:
        """The light on something with this much water before it."""
        haze = mix(self.middle, self.deep, 0.30)
        light = self.light * (0.35 + 0.75 * self.strength)
        return WaterLight(light, mix(self.shallow, self.middle, 0.5) * 0.8, haze, thickness)


def sea_colours(brief: Brief) -> SeaColours:
    name = brief.palette.name
    chosen = TINTS.get(AKIN.get(name, name), TINTS["night" if brief.palette.dark else "day"])
    surface, shallow, middle, deep = (from_hex(value) for value in chosen.water)
    light, strength = from_hex(chosen.light), chosen.strength
    if brief.reading.water_colour is not None:
        wanted = from_hex(brief.reading.water_colour)
        surface, shallow, middle, deep = (recolour(value, wanted, 0.8) for value in (surface, shallow, middle, deep))
    if "abyss" in brief.reading.features:
        surface, shallow, middle, deep = middle * 0.7, middle * 0.40, deep * 0.5, deep * 0.28
        strength *= 0.40
    return SeaColours(surface, shallow, middle, deep, light, strength, chosen.sand, chosen.glows)
