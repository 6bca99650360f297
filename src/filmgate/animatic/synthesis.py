"""The sounds that ambiences are mixed from: filtered noise, pulses and tones, all (count, 2) at 48,000 a second.

Each has a root mean square of about one where it is steady; short events stand above that.
"""

from __future__ import annotations

import math

import numpy as np

from filmgate.animatic.raster import Floats

SAMPLE_RATE = 48_000
CHIRP_SECONDS = 0.13
DRONE_HERTZ = (55.0, 82.41, 110.0, 164.81, 220.0)  # A and E, in octaves: at rest, and neither major nor minor


def noise(count: int, rng: np.random.Generator, low_hertz: float, high_hertz: float, *, tilt: float) -> Floats:
    """Noise between two frequencies whose amplitude falls as 1/frequency**tilt (0 white, 1 brown), wide in stereo."""
    size = _fast_size(count)
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE).astype(np.float32)
    with np.errstate(divide="ignore"):
        shape = np.where(frequency > 0, (frequency / low_hertz) ** -tilt, 0.0)
    shape = shape * _above(frequency, low_hertz) * (1 - _above(frequency, high_hertz))
    sides = [np.fft.irfft(np.fft.rfft(rng.standard_normal(size, np.float32)) * shape, size)[:count] for _ in range(2)]
    sound = np.stack(sides, 1).astype(np.float32)
    return sound / np.float32(sound.std() + 1e-9)


def swell(sound: Floats, rng: np.random.Generator, *, every: float, depth: float) -> Floats:
    """Let a sound come and go about `every` so many seconds, down to 1 - depth of itself. Gusts, waves."""
    seconds = np.arange(len(sound), dtype=np.float32) / np.float32(SAMPLE_RATE)
    phases = rng.uniform(0, 2 * math.pi, 3)
    wave = sum(
        weight * np.sin(2 * math.pi * seconds / (every * ratio) + phase)
        for weight, ratio, phase in zip((0.6, 0.3, 0.2), (1.0, 0.63, 1.71), phases, strict=True)
    )
    gain = 1 - depth * (0.5 - 0.5 * np.clip(wave, -1, 1))
    return sound * gain[:, None].astype(np.float32)


def crackle(count: int, rng: np.random.Generator, per_second: float, hertz: float, decay_seconds: float) -> Floats:
    """Short clicks at random times: drops, a fire."""
    sound = np.zeros((count, 2), np.float32)
    length = int(decay_seconds * 6 * SAMPLE_RATE)
    for _ in range(int(per_second * count / SAMPLE_RATE)):
        pitch = hertz * rng.uniform(0.5, 1.8)
        tail = np.arange(length, dtype=np.float32) / np.float32(SAMPLE_RATE)
        click = np.exp(-tail / (decay_seconds * rng.uniform(0.4, 1.2))) * np.sin(2 * math.pi * pitch * tail)
        _add(sound, click * rng.uniform(0.4, 2.5), int(rng.integers(max(1, count))), float(rng.uniform(-0.8, 0.8)))
    return sound


def birdsong(count: int, rng: np.random.Generator) -> Floats:
    """Two or three birds that answer each other now and then, in short sliding whistles."""
    sound = np.zeros((count, 2), np.float32)
    time = rng.uniform(0.2, 1.0)
    while time * SAMPLE_RATE < count:
        base, side = rng.uniform(2300, 4200), float(rng.uniform(-0.7, 0.7))
        loudness, at = rng.uniform(1.0, 2.6), time
        for _ in range(int(rng.integers(2, 6))):
            length = CHIRP_SECONDS * rng.uniform(0.5, 1.2)
            tail = np.arange(int(length * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)
            share = tail / np.float32(length)
            glide = base * (1 + rng.uniform(-0.22, 0.30) * share + 0.03 * np.sin(2 * math.pi * 38 * tail))
            whistle = np.sin(2 * math.pi * np.cumsum(glide) / SAMPLE_RATE) * np.sin(math.pi * share) ** 1.4
            _add(sound, whistle * loudness, int(at * SAMPLE_RATE), side)
            at += length * rng.uniform(1.15, 1.9)
        time += rng.uniform(0.9, 2.6)
    return sound


def crickets(count: int, rng: np.random.Generator) -> Floats:
    """A few crickets, each with its own pitch and pace."""
    seconds = np.arange(count, dtype=np.float32) / np.float32(SAMPLE_RATE)
    sound = np.zeros((count, 2), np.float32)
    for _ in range(4):
        pitch, rate = rng.uniform(3900, 4900), rng.uniform(26, 34)
        phrase = np.clip(np.sin(2 * math.pi * seconds / rng.uniform(0.7, 1.6) + rng.uniform(0, 6.28)) * 3, 0, 1)
        pulse = np.clip(np.sin(2 * math.pi * rate * seconds + rng.uniform(0, 6.28)), 0, 1) ** 2
        voice = (np.sin(2 * math.pi * pitch * seconds) * pulse * phrase).astype(np.float32)
        side = rng.uniform(0.15, 0.85)
        sound += np.stack([voice * (1 - side), voice * side], 1).astype(np.float32)
    return sound


def passing(count: int, rng: np.random.Generator) -> Floats:
    """A car goes by now and then, from one side to the other."""
    sound = np.zeros((count, 2), np.float32)
    seconds = np.arange(count, dtype=np.float32) / np.float32(SAMPLE_RATE)
    for time in np.arange(rng.uniform(0.5, 3.0), count / SAMPLE_RATE, 4.5):
        distance = (seconds - np.float32(time)) / np.float32(rng.uniform(0.8, 1.4))
        body = noise(count, rng, 120, 1600, tilt=0.9)[:, 0] * (1.6 / (1 + distance**2 * 3))
        place = 0.5 + 0.5 * np.tanh(distance * rng.choice([-1.0, 1.0]))
        sound += np.stack([body * (1 - place), body * place], 1).astype(np.float32)
    return sound


def hum(count: int, rng: np.random.Generator) -> Floats:
    """A transformer's hum, unsteady."""
    seconds = np.arange(count, dtype=np.float32) / np.float32(SAMPLE_RATE)
    wave = sum(
        weight * np.sin(2 * math.pi * hertz * seconds + rng.uniform(0, 6.28))
        for hertz, weight in ((100, 1.0), (200, 0.5), (300, 0.25), (1200, 0.08))
    )
    return swell(np.repeat(np.asarray(wave, np.float32)[:, None], 2, 1), rng, every=1.7, depth=0.5)


def tick(count: int, rng: np.random.Generator) -> Floats:
    """A clock on the wall."""
    sound = np.zeros((count, 2), np.float32)
    tail = np.arange(int(0.03 * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)
    for index, start in enumerate(range(int(rng.integers(SAMPLE_RATE)), count, SAMPLE_RATE)):
        pitch = 2100 if index % 2 else 1750
        _add(sound, np.exp(-tail * 260) * np.sin(2 * math.pi * pitch * tail) * 6, start, 0.3)
    return sound


def bubbles(count: int, rng: np.random.Generator) -> Floats:
    """Bubbles: short tones that rise as they shrink."""
    sound = np.zeros((count, 2), np.float32)
    for _ in range(int(5 * count / SAMPLE_RATE)):
        length = rng.uniform(0.03, 0.11)
        tail = np.arange(int(length * SAMPLE_RATE), dtype=np.float32) / np.float32(SAMPLE_RATE)
        pitch = rng.uniform(300, 900) * (1 + tail / np.float32(length) * rng.uniform(0.4, 1.2))
        tone = np.sin(2 * math.pi * np.cumsum(pitch) / SAMPLE_RATE) * np.sin(math.pi * tail / np.float32(length))
        _add(sound, tone * rng.uniform(0.5, 2.0), int(rng.integers(max(1, count))), float(rng.uniform(-0.6, 0.6)))
    return sound


def drone(count: int, rng: np.random.Generator) -> Floats:
    """A still chord whose voices beat slowly against each other."""
    seconds = np.arange(count, dtype=np.float32) / np.float32(SAMPLE_RATE)
    sound = np.zeros((count, 2), np.float32)
    for index, hertz in enumerate(DRONE_HERTZ):
        weight = np.float32(0.9 / (1 + 0.6 * index))
        for side in range(2):
            detuned = hertz * (1 + rng.uniform(-0.0016, 0.0016))
            slow = 0.65 + 0.35 * np.sin(2 * math.pi * seconds / rng.uniform(5, 11) + rng.uniform(0, 6.28))
            voice = np.sin(2 * math.pi * detuned * seconds + rng.uniform(0, 6.28)) * slow
            sound[:, side] += weight * voice.astype(np.float32)
    return sound + np.float32(0.12) * noise(count, rng, 200, 2400, tilt=1.2)


def thunder(count: int, rng: np.random.Generator) -> Floats:
    """Rolls of thunder: a crack that breaks into a long rumble."""
    gain = np.zeros(count, np.float32)
    seconds = np.arange(count, dtype=np.float32) / np.float32(SAMPLE_RATE)
    for time in np.arange(rng.uniform(0.3, 1.2), count / SAMPLE_RATE, 3.6):
        age = seconds - np.float32(time)
        roll = 0.75 + 0.25 * np.sin(age * 9 + 2 * np.sin(age * 3.1))
        gain += np.where(age > 0, (1 - np.exp(-age * 18)) * np.exp(-np.maximum(age, 0) * 1.3) * roll, 0)
    return noise(count, rng, 28, 240, tilt=1.1) * (2.6 * gain)[:, None]


def _above(frequency: Floats, edge: float) -> Floats:
    """0 below an edge and 1 above it, over about an octave."""
    share = np.clip((frequency / np.float32(edge) - 0.7) / 0.6, 0, 1)
    return share * share * (3 - 2 * share)


def _add(sound: Floats, event: Floats, start: int, side: float) -> None:
    """Put a short mono event into a sound; `side` is -1 left to 1 right."""
    end = min(len(sound), start + len(event))
    if end > start:
        part = event[: end - start].astype(np.float32)
        sound[start:end, 0] += part * np.float32(0.5 - 0.5 * side)
        sound[start:end, 1] += part * np.float32(0.5 + 0.5 * side)


def _fast_size(count: int) -> int:
    """A little more than `count`, with small prime factors: transforms of other lengths are many times slower."""
    step = 1 << max(6, count.bit_length() - 4)
    return max(step, -(-count // step) * step)
