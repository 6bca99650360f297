"""One shot: a scene with its weather and camera, drawn frame by frame at the size of the clip."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from filmgate.animatic.air.weather import Weather, build_weather
from filmgate.animatic.camera import Move, lens_matrix, margin
from filmgate.animatic.colour import from_hex
from filmgate.animatic.language.reading import Reading
from filmgate.animatic.looks import Look
from filmgate.animatic.palettes import palette
from filmgate.animatic.post import Post, build_post
from filmgate.animatic.raster import Canvas, Matrix, Pixels, warp
from filmgate.animatic.scene import START_SECONDS, Brief, Moment, Scene
from filmgate.animatic.scenes import BUILDERS, SHELTERED

WEATHER_OVER_IMAGE_SECONDS = 0.8
# How many pixels a scene is drawn with at most; larger frames are enlarged from that. Stills are always drawn in full.
MAX_DRAWN_PIXELS = {"standard": 2_300_000, "high": 9_000_000}
DEFAULT_QUALITY = "standard"
IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True, slots=True, eq=False)
class ShotPicture:
    """A shot ready to be drawn: immutable, shared by all render threads."""

    reading: Reading
    scene: Scene
    weather: Weather
    post: Post
    move: Move
    canvas: Canvas
    output: Canvas
    drawn_per_output_pixel: float
    moves_lens: bool

    def rgb(self, progress: float, seconds: float) -> Pixels:
        """The picture at `seconds` into the shot, which is `progress` (0..1) of it; before grain and caption."""
        view = self.move.view(progress, seconds)
        moment = Moment(START_SECONDS + seconds * self.reading.tempo, progress, view)
        drawn = self.scene.paint(moment)
        self.weather.paint(drawn, moment, seconds)
        self.post.light(drawn)
        lens = lens_matrix(self.output, self.canvas, self.drawn_per_output_pixel, view) if self.moves_lens else IDENTITY
        return self.post.develop(self._through_lens(drawn, lens))

    def _through_lens(self, drawn: Pixels, matrix: Matrix) -> Pixels:
        same_size = drawn.shape[:2] == (self.output.height, self.output.width)
        if same_size and np.allclose(matrix, IDENTITY, atol=1e-9):
            return drawn
        return warp(drawn, matrix, self.output.width, self.output.height, cv2.BORDER_REFLECT_101)


def build_shot(
    reading: Reading,
    output: Canvas,
    seconds: float,
    quality: str | None,
    rng: np.random.Generator,
    look: Look,
    given: Scene | None = None,
) -> ShotPicture:
    """Build everything that is drawn once (0.1 to 0.4 s at 720p). `given` is a scene of pictures of that size."""
    move = Move(reading.camera, phase=float(rng.uniform(0, 6.28)))
    limit = MAX_DRAWN_PIXELS.get(quality or DEFAULT_QUALITY, MAX_DRAWN_PIXELS[DEFAULT_QUALITY])
    share = 1.0 if given is not None else min(1.0, (limit / (output.width * output.height)) ** 0.5)
    overscan = 1.0 if given is not None else margin(move, output, seconds)
    canvas = output
    if share < 1 or overscan > 1:
        canvas = Canvas(_even(output.width * share * overscan), _even(output.height * share * overscan))
    sky = from_hex(reading.sky_colour) if reading.sky_colour else None
    water = from_hex(reading.water_colour) if reading.water_colour else None
    colours = palette(reading.palette, sky_colour=sky, water_colour=water)
    brief = Brief(canvas, colours, reading, rng, seconds * reading.tempo)
    scene = given if given is not None else BUILDERS[reading.scene](brief)
    fade_in = WEATHER_OVER_IMAGE_SECONDS if given is not None else 0.0
    return ShotPicture(
        reading=reading,
        scene=scene,
        weather=build_weather(brief, fade_in_seconds=fade_in, sheltered=reading.scene in SHELTERED),
        post=build_post(canvas, output, scene.finish, look),
        move=move,
        canvas=canvas,
        output=output,
        drawn_per_output_pixel=share,
        moves_lens=given is None,
    )


def _even(length: float) -> int:
    return max(32, round(length / 2) * 2)
