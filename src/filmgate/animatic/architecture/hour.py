"""How a whole city is lit at one time of day: its walls, its panes and how many of its windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.colour import gradient, mix
from filmgate.animatic.palettes import Palette
from filmgate.animatic.raster import Floats

# Share of windows that are lit.
LIT_WINDOWS: Mapping[str, float] = MappingProxyType(
    {
        "night": 0.46,
        "neon": 0.50,
        "dusk": 0.44,
        "storm": 0.36,
        "sunset": 0.24,
        "golden": 0.07,
        "dawn": 0.12,
        "overcast": 0.06,
    }
)
WARM_WINDOWS, COOL_WINDOWS = ("ffd9a0", "ffc27a", "ffe9c8", "fff4e0"), ("bfe3ff", "9fd0ff", "d8ecff")


@dataclass(frozen=True, slots=True, eq=False)
class Hour:
    """How the whole city is lit."""

    palette: Palette
    lit_share: float
    backlit: bool  # a low sun behind the towers leaves their faces in the shade
    haze: Floats
    reflected: Floats  # (n, 3) what glass mirrors, from its top to its foot
    clouds: Floats  # tile of soft noise, mirrored as well

    @property
    def after_dark(self) -> bool:
        return self.palette.dark

    def facing(self, towards_sun: Floats | float) -> Floats:
        """Light on a wall, `towards_sun` -1 (away) to 1 (squarely)."""
        palette = self.palette
        if self.after_dark:
            return palette.ambient * (0.34 + 0.10 * towards_sun) + palette.glow * (0.05 + 0.05 * towards_sun)
        direct = np.clip(towards_sun, 0, 1) ** 2 * 0.70 + 0.10 if self.backlit else 0.44 + 0.34 * towards_sun
        return palette.ambient * 0.52 + palette.light * direct


def hour_of(palette: Palette, rng: np.random.Generator, clouds: Floats) -> Hour:
    top, upper, lower, bottom = palette.sky
    stops: list[tuple[float, Floats]] = [
        (0.0, mix(top, upper, 0.55)),
        (0.45, mix(upper, lower, 0.6)),
        (0.85, bottom * 0.92),
        (1.0, mix(bottom, palette.near, 0.45)),
    ]
    return Hour(
        palette=palette,
        lit_share=LIT_WINDOWS.get(palette.name, 0.0),
        backlit=palette.dark or palette.name in ("sunset", "golden", "dawn"),
        haze=mix(palette.sky[3], palette.sky[2], 0.5),
        reflected=gradient(stops, np.linspace(0, 1, 64, dtype=np.float32)),
        clouds=clouds[:, :: 1 if rng.uniform() < 0.5 else -1],
    )
