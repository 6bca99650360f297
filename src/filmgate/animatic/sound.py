"""Ambience for a picture, synthesised: what one would hear where the scene is, crossfaded from shot to shot."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from filmgate.animatic.language.reading import Reading
from filmgate.animatic.raster import Floats
from filmgate.animatic.synthesis import (
    SAMPLE_RATE,
    birdsong,
    bubbles,
    crackle,
    crickets,
    drone,
    hum,
    noise,
    passing,
    swell,
    thunder,
    tick,
)

LOUDNESS = 0.07  # root mean square of a full scale of 1: about -23 dB, as broadcasters have it
FADE_IN_SECONDS, FADE_OUT_SECONDS = 0.4, 0.7
DARK_PALETTES = frozenset({"night", "dusk", "neon"})


@dataclass(frozen=True, slots=True)
class Ambience:
    """What is heard from `start` to `end`, in seconds of the clip."""

    reading: Reading
    start: float
    end: float


Layer = Callable[[int, np.random.Generator], Floats]
"""`count` samples of one sound, (count, 2), of a loudness that its place in the mix supposes."""


def soundtrack(ambiences: Sequence[Ambience], duration_seconds: float, seed: int) -> Floats:
    """The clip's sound: (samples, 2) at 48,000 a second, within -1..1. Shots may overlap; there they crossfade."""
    count = round(duration_seconds * SAMPLE_RATE)
    mixed = np.zeros((count, 2), np.float32)
    for number, ambience in enumerate(ambiences):
        first, last = (min(count, max(0, round(at * SAMPLE_RATE))) for at in (ambience.start, ambience.end))
        if last <= first:
            continue
        sound = _mix(ambience.reading, last - first, _chance(seed, number))
        before = ambiences[number - 1].end - ambience.start if number else 0.0
        after = ambience.end - ambiences[number + 1].start if number + 1 < len(ambiences) else 0.0
        mixed[first:last] += sound * _crossfade(last - first, before, after)[:, None]
    level = float(np.sqrt(np.mean(mixed**2))) or 1.0
    shaped = np.tanh(mixed * (LOUDNESS / level)) * _ends(count)[:, None]
    return shaped.astype(np.float32)


def layers_of(reading: Reading) -> dict[str, float]:
    """The sounds of a scene and how loud each is in the mix."""
    heard = dict(_SCENES.get(reading.scene, {"wind": 0.5}))
    if reading.scene in ("forest", "meadow", "lake", "mountains") and reading.palette in DARK_PALETTES:
        heard |= {"birds": 0.0, "crickets": 0.4}
    if reading.scene == "city" and reading.palette in ("neon", "night"):
        heard["electric"] = 0.12
    for name, more in (
        (reading.weather or "", _WEATHER),
        *((feature, _FEATURES) for feature in sorted(reading.features)),
        *((subject.kind, _SUBJECTS) for subject in reading.subjects),
    ):
        for layer, gain in more.get(name, {}).items():
            heard[layer] = max(heard.get(layer, 0.0), gain)
    if "wind" in heard:
        heard["wind"] *= min(2.2, 0.4 + 0.6 * reading.wind)
    if reading.weather in ("rain", "storm"):
        heard |= dict.fromkeys(heard.keys() & {"birds", "crickets"}, 0.0)
    return {layer: gain for layer, gain in heard.items() if gain > 0}


def _mix(reading: Reading, count: int, rng: np.random.Generator) -> Floats:
    sound = np.zeros((count, 2), np.float32)
    for layer, gain in layers_of(reading).items():
        sound += _LAYERS[layer](count, rng) * np.float32(gain)
    return sound


def _chance(seed: int, number: int) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}|sound {number}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def _crossfade(count: int, before: float, after: float) -> Floats:
    """Gain that rises over the seconds shared with the shot before and falls over those shared with the one after."""
    gain = np.ones(count, np.float32)
    rise, fall = (min(count, round(seconds * SAMPLE_RATE)) for seconds in (before, after))
    if rise > 0:
        gain[:rise] = np.sin(np.linspace(0, np.pi / 2, rise))
    if fall > 0:
        gain[-fall:] *= np.cos(np.linspace(0, np.pi / 2, fall)).astype(np.float32)
    return gain


def _ends(count: int) -> Floats:
    gain = np.ones(count, np.float32)
    rise, fall = (min(count // 2, round(seconds * SAMPLE_RATE)) for seconds in (FADE_IN_SECONDS, FADE_OUT_SECONDS))
    gain[:rise] = np.linspace(0, 1, rise, dtype=np.float32) ** 2
    gain[count - fall :] *= np.linspace(1, 0, fall, dtype=np.float32) ** 2
    return gain


_LAYERS: Mapping[str, Layer] = MappingProxyType(
    {
        "wind": lambda count, rng: swell(noise(count, rng, 90, 700, tilt=1.2), rng, every=4.5, depth=0.6),
        "surf": lambda count, rng: swell(noise(count, rng, 120, 5000, tilt=1.0), rng, every=7.0, depth=0.85),
        "ripples": lambda count, rng: swell(noise(count, rng, 300, 1800, tilt=0.8), rng, every=1.4, depth=0.7),
        "rain": lambda count, rng: (
            noise(count, rng, 900, 11_000, tilt=0.4) + 0.5 * crackle(count, rng, 90, 2500, 0.004)
        ),
        "stream": lambda count, rng: swell(noise(count, rng, 350, 6000, tilt=0.7), rng, every=0.9, depth=0.25),
        "leaves": lambda count, rng: swell(noise(count, rng, 1500, 8000, tilt=0.5), rng, every=3.0, depth=0.8),
        "birds": birdsong,
        "crickets": crickets,
        "traffic": lambda count, rng: noise(count, rng, 40, 420, tilt=1.4) + passing(count, rng),
        "electric": hum,
        "room": lambda count, rng: noise(count, rng, 60, 900, tilt=1.6) * np.float32(0.5),
        "clock": tick,
        "fire": lambda count, rng: noise(count, rng, 80, 500, tilt=1.3) + crackle(count, rng, 14, 1800, 0.012),
        "depths": lambda count, rng: swell(noise(count, rng, 30, 260, tilt=1.6), rng, every=5.0, depth=0.4),
        "bubbles": bubbles,
        "drone": drone,
        "thunder": thunder,
        "machine": lambda count, rng: swell(noise(count, rng, 45, 380, tilt=1.0), rng, every=0.35, depth=0.5),
    }
)
_SCENES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "sea": {"surf": 1.0, "wind": 0.3},
        "lake": {"ripples": 0.5, "wind": 0.3, "birds": 0.25},
        "mountains": {"wind": 0.9},
        "desert": {"wind": 0.9},
        "snowfield": {"wind": 1.0},
        "meadow": {"wind": 0.4, "leaves": 0.3, "birds": 0.5},
        "forest": {"leaves": 0.5, "wind": 0.25, "birds": 0.6},
        "city": {"traffic": 1.0},
        "clouds": {"wind": 1.0},
        "underwater": {"depths": 1.0, "bubbles": 0.4},
        "interior": {"room": 0.5, "clock": 0.12},
        "studio": {"room": 0.4, "drone": 0.3},
        "space": {"drone": 1.0},
        "moon": {"drone": 0.8},
        "abstract": {"drone": 1.0},
        "image": {"room": 0.5, "wind": 0.3},
    }
)
_WEATHER: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "rain": {"rain": 0.8},
        "storm": {"rain": 1.0, "wind": 0.7, "thunder": 1.3},
        "snow": {"wind": 0.5},
    }
)
_FEATURES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "waterfall": {"stream": 1.2},
        "river": {"stream": 0.6},
        "watertown": {"ripples": 0.6, "birds": 0.2},
        "embers": {"fire": 0.8},
        "fireplace": {"fire": 0.8},
        "lightning": {"thunder": 1.2},
        "volcano": {"thunder": 0.7, "fire": 0.4},
        "cafe": {"traffic": 0.25},
        "bamboo": {"leaves": 0.7},
    }
)
_SUBJECTS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "train": {"machine": 0.8},
        "car": {"machine": 0.4},
        "plane": {"machine": 0.5},
        "helicopter": {"machine": 0.8},
        "rocket": {"machine": 1.0},
        "birds": {"birds": 0.6},
        "campfire": {"fire": 0.9},
    }
)
