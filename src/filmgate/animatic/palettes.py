"""Palettes: the colours of one time of day or mood, read from palettes.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from filmgate.animatic.colour import from_hex, mix, recolour
from filmgate.animatic.raster import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Colours are sRGB, 0..1. See palettes.toml for what each one paints."""

    name: str
    sky: tuple[Floats, Floats, Floats, Floats]
    sun: Floats
    glow: Floats
    cloud_lit: Floats
    cloud_shade: Floats
    far: Floats
    near: Floats
    water: Floats
    ambient: Floats
    light: Floats
    sun_height: float
    glow_gain: float
    stars: float
    dark: bool = False
    moon: bool = False
    sun_hidden: bool = False
    star_gain: float = 1.0
    star_floor: float = 0.15  # brightness of stars at the horizon, where there is air

    @property
    def haze(self) -> Floats:
        """What distance fades into: the air just above the horizon."""
        return mix(self.sky[3], self.sky[2], 0.4) * 0.96

    @property
    def rim(self) -> Floats:
        """The light on the edge of a silhouette."""
        return mix(self.glow, self.sun, 0.4)

    @property
    def is_sunlit(self) -> bool:
        """Whether a disc above the horizon throws a path of glitter."""
        return self.sun_height < 1.02 and not self.sun_hidden


def palette(name: str, *, sky_colour: Floats | None = None, water_colour: Floats | None = None) -> Palette:
    """The palette called `name`, its sky or water tinted when the prompt named a colour for it ("a red sky")."""
    values = dict(_tables()[name])
    first, second, third, fourth = (from_hex(value) for value in values.pop("sky"))
    colours: dict[str, Any] = {
        key: from_hex(value) if isinstance(value, str) else value for key, value in values.items()
    }
    chosen = Palette(name=name, sky=(first, second, third, fourth), **colours)
    if sky_colour is not None:
        first, second, third, fourth = (recolour(colour, sky_colour, 0.85) for colour in chosen.sky)
        chosen = replace(chosen, sky=(first, second, third, fourth), glow=mix(chosen.glow, sky_colour, 0.6))
    if water_colour is not None:
        chosen = replace(chosen, water=water_colour * 0.7)
    return chosen


def palette_names() -> frozenset[str]:
    return frozenset(_tables())


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("filmgate.animatic").joinpath("palettes.toml").read_text(encoding="utf-8"))
