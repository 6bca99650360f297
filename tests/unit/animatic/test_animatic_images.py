"""Image to video: the first frame is the picture, nothing beyond it is ever shown, and any picture will do."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from drawn import prepare
from PIL import Image

from filmgate.animatic.job import RenderJob
from filmgate.animatic.pictures.depth import guess_depth
from filmgate.animatic.pictures.imagemove import ImageMove
from filmgate.animatic.pictures.stills import read_image
from filmgate.animatic.render import render
from filmgate.core.errors import MediaError

MakeJob = Callable[..., RenderJob]
Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def scenery(shift: int = 0) -> Pixels:
    """A picture with a gradient, edges and texture, in another shape than the clip."""
    rows, columns = np.mgrid[0:180, 0:400].astype(np.float32)
    picture = np.dstack([columns / 400 * 255, rows / 180 * 255, 128 + 60 * np.sin(columns / 17)]).astype(np.uint8)
    cv2.circle(picture, (200 + shift, 110), 40, (30, 220, 90), -1)
    cv2.rectangle(picture, (60 + shift // 2, 60), (90 + shift // 2, 170), (240, 240, 250), -1)
    return picture


@pytest.fixture
def photograph(tmp_path: Path) -> str:
    return saved(tmp_path / "photo.png", scenery())


def saved(path: Path, picture: Pixels) -> str:
    Image.fromarray(picture).save(path)
    return str(path)


def covered(path: str, width: int, height: int) -> Pixels:
    picture = np.asarray(Image.open(path).convert("RGB"))
    size = max(width / picture.shape[1], height / picture.shape[0])
    crop_width, crop_height = round(width / size), round(height / size)
    left, top = (picture.shape[1] - crop_width) // 2, (picture.shape[0] - crop_height) // 2
    cropped = picture[top : top + crop_height, left : left + crop_width]
    how = cv2.INTER_AREA if size < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(cropped, (width, height), interpolation=how), np.uint8)


def similarity(one: Pixels, other: Pixels) -> float:
    """Structural similarity of two pictures' luma (Wang et al., 2004), 1 for equal ones."""
    x, y = (cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64) for picture in (one, other))

    def mean(values: Any) -> Any:
        return cv2.GaussianBlur(values, (11, 11), 1.5)

    mean_x, mean_y = mean(x), mean(y)
    spread_x, spread_y = mean(x * x) - mean_x**2, mean(y * y) - mean_y**2
    together = mean(x * y) - mean_x * mean_y
    first, second = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    quality = (2 * mean_x * mean_y + first) * (2 * together + second)
    return float((quality / ((mean_x**2 + mean_y**2 + first) * (spread_x + spread_y + second))).mean())


@pytest.mark.parametrize("camera", ["push", "pan left", "orbit", "tilt up", "handheld", "pull", "zoom out", "tracking"])
def test_move_starts_from_the_image_and_stays_inside(make_job: MakeJob, photograph: str, camera: str) -> None:
    job = make_job("snow", image_path=photograph, camera=camera, width_px=192, height_px=108, fps=12)
    picture = prepare(job)
    frames = [picture.rgb(index) for index in range(job.frame_count)]
    assert similarity(frames[0], covered(photograph, 192, 108)) > 0.999
    assert np.abs(frames[-1].astype(int) - frames[0]).mean() > 1.0, "it moves"
    steps = [float(np.abs(later.astype(int) - earlier).mean()) for earlier, later in pairwise(frames)]
    assert max(steps) < 4 * float(np.median(steps)) + 0.5


@pytest.mark.parametrize("aim", [(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (0.0, 0.0)])
@pytest.mark.parametrize("closer", [0.01, 0.3, 1.0])
def test_nothing_beyond_the_picture_is_shown(
    make_job: MakeJob, tmp_path: Path, aim: tuple[float, float], closer: float
) -> None:
    """A bright frame around the picture never enters from outside: every sample lies inside of it."""
    picture = np.full((144, 256, 3), 90, np.uint8)
    picture[:, :, 0] = np.arange(256)
    scene = prepare(make_job(None, image_path=saved(tmp_path / "x.png", picture))).shots[0].scene
    assert isinstance(scene, ImageMove)
    seen = scene.sheet.seen(closer, *aim)[..., 0].astype(int)
    rises = np.diff(seen, axis=1)
    assert rises.min() >= -1, "no part is mirrored or torn"
    flat = (rises == 0).sum(1).max()
    assert flat < 60, "no edge is smeared over the frame"


def test_first_frame_survives_the_encoder(make_job: MakeJob, photograph: str) -> None:
    job = make_job(None, image_path=photograph, width_px=320, height_px=180)
    render(job)
    with av.open(job.output_path) as container:
        first = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert similarity(first, covered(photograph, 320, 180)) > 0.93


def test_understood_says_what_was_left_out(make_job: MakeJob, photograph: str) -> None:
    understood = render(make_job("a dog in the snow, zoom out", image_path=photograph))
    assert understood["scene"] == "image"
    assert (understood["weather"], understood["subjects"], understood["camera"]) == ("snow", [], ["push"])
    assert understood["ignored"] == ["camera: zoom_out (the first frame is the whole image)"]


def test_weather_fades_in_over_the_image(make_job: MakeJob, photograph: str) -> None:
    fields = {"image_path": photograph, "width_px": 192, "height_px": 108, "camera": "static", "duration_seconds": 2.0}
    dry, wet = (prepare(make_job(prompt, **fields)) for prompt in ("", "heavy rain"))
    differences = [np.abs(dry.rgb(index).astype(int) - wet.rgb(index)).mean() for index in (0, 3, 12)]
    assert differences[0] == 0
    assert 0 < differences[1] < differences[2]


@pytest.mark.parametrize("prompt", ["sea", "Shot 1: sea. Cut to: a forest"])
def test_last_image_is_reached_exactly(make_job: MakeJob, photograph: str, prompt: str) -> None:
    job = make_job(prompt, last_image_path=photograph, width_px=192, height_px=108, duration_seconds=2.0)
    picture = prepare(job)
    frames = [picture.rgb(index).astype(int) for index in range(job.frame_count)]
    assert similarity(frames[-1].astype(np.uint8), covered(photograph, 192, 108)) > 0.999
    steps = [float(np.abs(later - earlier).mean()) for earlier, later in pairwise(frames)]
    assert max(steps) < 0.4 * sum(steps), "it arrives gradually"


def test_alike_pictures_are_bent_into_each_other(make_job: MakeJob, tmp_path: Path) -> None:
    """Half-way, what moves stands half-way: it is not seen twice."""
    first, last = (saved(tmp_path / f"{shift}.png", scenery(shift)) for shift in (0, 24))
    fields = {"width_px": 400, "height_px": 180, "fps": 8, "duration_seconds": 2.125}
    picture = prepare(make_job(None, image_path=first, last_image_path=last, **fields))
    assert picture.film.morph is not None
    assert similarity(picture.rgb(0), covered(first, 400, 180)) > 0.999
    assert similarity(picture.rgb(16), covered(last, 400, 180)) > 0.999
    half_way = picture.rgb(8)
    assert similarity(half_way, scenery(12)) > max(similarity(half_way, scenery(0)), similarity(half_way, scenery(24)))


def test_unlike_pictures_are_not_bent(make_job: MakeJob, tmp_path: Path, photograph: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (180, 400, 3), np.uint8)
    other = saved(tmp_path / "noise.png", noise)
    film = prepare(make_job(None, image_path=photograph, last_image_path=other)).film
    assert film.morph is None
    assert film.reveal is not None


def cmyk(path: Path) -> None:
    Image.new("CMYK", (60, 40), (255, 0, 0, 0)).save(path.with_suffix(".jpg"))
    path.with_suffix(".jpg").rename(path)


def animated(path: Path) -> None:
    frames = [Image.new("RGB", (60, 40), (200, 20 * index, 0)) for index in range(3)]
    frames[0].save(path, format="GIF", save_all=True, append_images=frames[1:])


ODD_PICTURES: dict[str, Callable[[Path], None]] = {
    "one pixel": lambda path: Image.new("RGB", (1, 1), (200, 30, 40)).save(path, "PNG"),
    "a column": lambda path: Image.new("RGB", (1, 8000), (200, 30, 40)).save(path, "PNG"),
    "a row": lambda path: Image.new("RGB", (8000, 1), (200, 30, 40)).save(path, "PNG"),
    "transparent": lambda path: Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(path, "PNG"),
    "half transparent": lambda path: Image.new("LA", (60, 40), (200, 90)).save(path, "PNG"),
    "palette with alpha": lambda path: Image.new("P", (60, 40), 1).save(path, "PNG", transparency=1),
    "cmyk": cmyk,
    "16-bit grey": lambda path: Image.fromarray(np.full((40, 60), 40_000, np.uint16)).save(path, "PNG"),
    "one bit": lambda path: Image.new("1", (60, 40), 1).save(path, "PNG"),
    "animated": animated,
}


@pytest.mark.parametrize("kind", sorted(ODD_PICTURES))
def test_any_picture_can_be_moved_over(make_job: MakeJob, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd"
    ODD_PICTURES[kind](path)
    job = make_job("snow", image_path=str(path), last_image_path=str(path))
    understood = render(job)
    assert understood["scene"] == "image"
    with av.open(job.output_path) as container:
        assert sum(1 for _ in container.decode(video=0)) == job.frame_count


def test_sixteen_bits_are_scaled_and_transparency_is_grey(tmp_path: Path) -> None:
    deep, clear = tmp_path / "deep.png", tmp_path / "clear.png"
    ODD_PICTURES["16-bit grey"](deep)
    ODD_PICTURES["transparent"](clear)
    assert read_image(str(deep)).mean() == pytest.approx(40_000 / 257, abs=1)
    assert 100 < read_image(str(clear)).mean() < 140


def test_a_picture_lying_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(tmp_path / "turned.jpg", exif=exif)
    assert read_image(str(tmp_path / "turned.jpg")).shape == (60, 40, 3)


@pytest.mark.parametrize("content", [b"", b"not an image", b"\x89PNG\r\n\x1a\n broken"])
def test_picture_that_cannot_be_decoded(make_job: MakeJob, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"bad\.png"):
        render(make_job("sea", image_path=str(path)))
    with pytest.raises(MediaError, match=r"missing\.png"):
        render(make_job("sea", image_path=str(tmp_path / "missing.png")))


@pytest.mark.parametrize("size", [(1, 1), (300, 2), (2, 300), (64, 64)])
def test_depth_of_any_shape_is_finite(size: tuple[int, int]) -> None:
    depth = guess_depth(np.full((size[1], size[0], 3), 80, np.uint8))
    assert np.isfinite(depth).all()
    assert 0 <= float(depth.min()) <= float(depth.max()) <= 1
