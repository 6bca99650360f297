"""A clip as its shots: when each one is seen, how one dissolves into the next, and what lies over all of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from filmgate.animatic.caption import Caption, build_caption
from filmgate.animatic.encode import ycbcr_planes
from filmgate.animatic.job import MIN_SIDE_PX, RenderJob
from filmgate.animatic.language.parse import Wishes, parse_shots
from filmgate.animatic.language.prompt import shot_words
from filmgate.animatic.language.reading import Reading
from filmgate.animatic.looks import Look, build_look
from filmgate.animatic.pictures.arrival import Morph, Reveal, build_morph, build_reveal
from filmgate.animatic.pictures.imagemove import build_image_move, reading_for_image
from filmgate.animatic.pictures.stills import cover, read_image
from filmgate.animatic.post import Grain, build_grain
from filmgate.animatic.raster import Canvas, Pixels, add_weighted
from filmgate.animatic.scene import Scene
from filmgate.animatic.shot import ShotPicture, build_shot

DISSOLVE_SECONDS = 0.5
LONGEST_DISSOLVE_SHARE = 0.4  # of the shorter shot
DRAFT_PIXELS = 230_000  # a draft is drawn about this large, and enlarged


@dataclass(frozen=True, slots=True)
class Slot:
    """When a shot is seen: from frame `first` to before `end`; alone from `alone_from` to before `alone_until`."""

    first: int
    alone_from: int
    alone_until: int
    end: int

    def progress(self, index: int) -> float:
        """0 at its first frame, 1 at its last."""
        return (index - self.first) / max(1, self.end - 1 - self.first)


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A clip that is planned and not yet drawn. Immutable; shots are built from it, one at a time if need be."""

    job: RenderJob
    canvas: Canvas  # what is drawn: the size of the file, or less for a draft
    readings: tuple[Reading, ...]
    slots: tuple[Slot, ...]
    still: Pixels | None
    grain: Grain
    look: Look
    captions: tuple[Caption | None, ...]  # one for each shot, or none at all
    morph: Morph | None  # of two given frames that are alike
    reveal: Reveal | None  # of a given last frame that is not

    @property
    def rate(self) -> Fraction:
        return self.job.rate

    def shots_at(self, index: int) -> range:
        """The numbers of the shots that frame `index` shows: one, or two while one dissolves into the other."""
        seen = [number for number, slot in enumerate(self.slots) if slot.first <= index < slot.end]
        return range(seen[0], seen[-1] + 1)

    def build(self, number: int) -> ShotPicture:
        """Build one shot. Needs nothing of the others, and gives the same whenever it is called."""
        slot, reading = self.slots[number], self.readings[number]
        seconds = float((slot.end - slot.first) / self.rate)
        rng = _chance(self.job, f"shot {number}")
        given = self._given_scene(reading) if number == 0 else None
        return build_shot(reading, self.canvas, seconds, self.job.quality_level, rng, self.look, given)

    def rgb(self, index: int, shots: dict[int, ShotPicture]) -> Pixels:
        """Frame `index` as RGB before grain, given the shots that it shows."""
        numbers = self.shots_at(index)
        frame = self._shot_rgb(index, numbers[0], shots)
        if len(numbers) == 2:
            slot = self.slots[numbers[1]]
            share = (index - slot.first + 1) / (slot.alone_from - slot.first + 1)
            frame = add_weighted(frame, 1 - share, self._shot_rgb(index, numbers[1], shots), share)
        if self.reveal is not None:
            frame = self.reveal.apply(frame, index / max(1, self.job.frame_count - 1))
        frame = self.look.apply(frame, index)
        for slot, caption in zip(self.slots, self.captions, strict=False):
            if caption is not None and slot.first <= index < slot.end:
                shown, length = index - slot.first, slot.end - slot.first
                caption.paint(frame, float(shown / self.rate), float(length / self.rate))
        return frame

    def planes(self, index: int, shots: dict[int, ShotPicture]) -> Pixels:
        """Frame `index` as the encoder takes it."""
        planes = ycbcr_planes(self.rgb(index, shots), self.job.width_px, self.job.height_px)
        self.grain.add(planes, index)
        return planes

    def _given_scene(self, reading: Reading) -> Scene | None:
        if self.morph is not None or self.still is None:
            return self.morph
        return build_image_move(self.still, reading.camera)

    def _shot_rgb(self, index: int, number: int, shots: dict[int, ShotPicture]) -> Pixels:
        slot = self.slots[number]
        return shots[number].rgb(slot.progress(index), float((index - slot.first) / self.rate))


def plan_film(job: RenderJob) -> Film:
    """Read the prompt and the images, and lay the shots over the clip.

    Raises MediaError for an image that cannot be decoded.
    """
    wishes = Wishes(job.negative_prompt, job.style, job.camera, job.seed)
    shots = parse_shots(job.prompt, job.duration_seconds, wishes)
    canvas = drawn_canvas(job)
    look = build_look(shots[0].reading.style, canvas, _chance(job, "look"))
    still = cover(read_image(job.image_path), canvas) if job.image_path else None
    last = cover(read_image(job.last_image_path), canvas) if job.last_image_path else None
    morph = build_morph(still, last) if still is not None and last is not None and len(shots) == 1 else None
    readings = [shot.reading for shot in shots]
    if still is not None:
        readings[0] = reading_for_image(readings[0])
    return Film(
        job=job,
        canvas=canvas,
        readings=tuple(readings),
        slots=lay_out([shot.share for shot in shots], job.frame_count, job.rate),
        still=still,
        grain=build_grain(
            Canvas(job.width_px, job.height_px), look, _chance(job, "grain"), still=job.image_path is not None
        ),
        look=look,
        captions=tuple(build_caption(text, canvas) for text in shot_words(job.prompt or "")) if job.caption else (),
        morph=morph,
        reveal=None if last is None or morph is not None else build_reveal(last, _chance(job, "reveal")),
    )


def drawn_canvas(job: RenderJob) -> Canvas:
    """The size that everything but the grain is made at."""
    share = 1.0
    if job.quality_level == "draft":
        share = min(1.0, (DRAFT_PIXELS / (job.width_px * job.height_px)) ** 0.5)
    return Canvas(*(max(MIN_SIDE_PX, round(side * share / 2) * 2) for side in (job.width_px, job.height_px)))


def lay_out(shares: list[float], frame_count: int, rate: Fraction) -> tuple[Slot, ...]:
    """Lay shots over exactly `frame_count` frames; each dissolve takes half of its time from either shot."""
    ends = [round(sum(shares[: number + 1]) * frame_count) for number in range(len(shares))]
    ends[-1] = frame_count
    starts = [0, *ends[:-1]]
    halves = [0]  # frames before and after each cut that belong to both shots
    for number in range(1, len(shares)):
        shorter = min(ends[number - 1] - starts[number - 1], ends[number] - starts[number])
        halves.append(int(min(DISSOLVE_SECONDS * rate, LONGEST_DISSOLVE_SHARE * shorter) / 2))
    halves.append(0)
    return tuple(
        Slot(
            first=starts[number] - halves[number],
            alone_from=starts[number] + halves[number],
            alone_until=ends[number] - halves[number + 1],
            end=ends[number] + halves[number + 1],
        )
        for number in range(len(shares))
    )


def _chance(job: RenderJob, purpose: str) -> np.random.Generator:
    """Random numbers of one purpose: the same for the same request, whatever else was drawn before."""
    text = f"{job.seed}|{purpose}|{job.prompt or ''}".encode("utf-8", "surrogatepass")
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text).digest()[:16], "big")))
