from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from filmgate.core.errors import MediaError, StorageError
from filmgate.media.previews import poster, previews, spritesheet

CLOCKWISE = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]


def flat(grey: int, size: tuple[int, int] = (96, 64)) -> np.ndarray:
    return np.full((size[1], size[0], 3), grey, np.uint8)


def mean(image: Image.Image) -> float:
    return float(np.asarray(image.convert("L")).mean())


def test_the_poster_is_the_first_frame_that_is_not_black(make_clip, tmp_path: Path) -> None:
    frames = [flat(0), flat(4), flat(10), flat(120), flat(240)]
    poster(make_clip(frames=frames), tmp_path / "poster.webp")
    with Image.open(tmp_path / "poster.webp") as image:
        assert (image.format, image.size) == ("WEBP", (96, 64))
        assert mean(image) == pytest.approx(120, abs=6)


def test_a_night_with_one_light_in_it_is_not_black(make_clip, tmp_path: Path) -> None:
    night = flat(0)
    night[20:36, 40:56] = 200
    poster(make_clip(frames=[night, flat(240)]), tmp_path / "poster.webp")
    with Image.open(tmp_path / "poster.webp") as image:
        assert mean(image) < 60


def test_an_all_black_clip_has_its_first_frame_as_poster(make_clip, tmp_path: Path) -> None:
    poster(make_clip(frames=[flat(0)] * 5), tmp_path / "poster.webp")
    with Image.open(tmp_path / "poster.webp") as image:
        assert mean(image) < 5


def test_a_poster_is_shrunk_but_never_enlarged(make_clip, tmp_path: Path) -> None:
    poster(make_clip(frames=[flat(99, (192, 128))] * 2), tmp_path / "poster.webp", max_side_px=96)
    with Image.open(tmp_path / "poster.webp") as image:
        assert image.size == (96, 64)


def tile_greys(path: Path, columns: int, rows: int) -> list[int]:
    with Image.open(path) as sheet:
        width_px, height_px = sheet.width // columns, sheet.height // rows
        boxes = [(column * width_px, row * height_px) for row in range(rows) for column in range(columns)]
        return [round(mean(sheet.crop((x, y, x + width_px, y + height_px)))) for x, y in boxes]


def test_tiles_are_evenly_spaced_in_time_row_by_row(make_clip, tmp_path: Path) -> None:
    frames = [flat(20 + 4 * index) for index in range(50)]
    spritesheet(make_clip(frames=frames), tmp_path / "sheet.jpg", columns=5, rows=5, tile_max_side_px=48)
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        assert (sheet.format, sheet.size) == ("JPEG", (5 * 48, 5 * 32))
    expected = [20 + 4 * (2 * tile + 1) for tile in range(25)]
    assert tile_greys(tmp_path / "sheet.jpg", 5, 5) == pytest.approx(expected, abs=3)


def test_tiles_go_by_time_not_by_frame_count(make_clip, tmp_path: Path) -> None:
    """The first of four frames stays for most of the clip, so it fills most of the grid."""
    frames = [flat(40), flat(80), flat(120), flat(200)]
    clip = make_clip(frames=frames, ticks=[0, 700, 800, 900], rate=10, options={"bf": "0"})
    spritesheet(clip, tmp_path / "sheet.jpg", columns=10, rows=1)
    assert tile_greys(tmp_path / "sheet.jpg", 10, 1) == pytest.approx([40] * 7 + [80, 120, 200], abs=4)


@pytest.mark.parametrize("count", [1, 2, 24, 25, 26])
def test_a_short_clip_fills_the_whole_grid(make_clip, tmp_path: Path, count: int) -> None:
    spritesheet(make_clip(frames=[flat(150)] * count), tmp_path / "sheet.jpg")
    assert tile_greys(tmp_path / "sheet.jpg", 5, 5) == pytest.approx([150] * 25, abs=4)


def test_both_in_one_pass_are_what_each_is_alone(make_clip, tmp_path: Path) -> None:
    clip = make_clip(frames=[flat(20 + 8 * index) for index in range(20)], audio_codec="aac")
    previews(clip, tmp_path / "poster.webp", tmp_path / "sheet.jpg")
    poster(clip, tmp_path / "alone.webp")
    spritesheet(clip, tmp_path / "alone.jpg")
    assert (tmp_path / "poster.webp").read_bytes() == (tmp_path / "alone.webp").read_bytes()
    assert (tmp_path / "sheet.jpg").read_bytes() == (tmp_path / "alone.jpg").read_bytes()


def test_a_turned_clip_is_shown_upright(make_clip, tmp_path: Path) -> None:
    upright = np.zeros((96, 64, 3), np.uint8)
    upright[:48, :32] = 255
    stored = np.ascontiguousarray(np.rot90(upright))
    previews(make_clip(frames=[stored] * 2, display_matrix=CLOCKWISE), tmp_path / "p.webp", tmp_path / "s.jpg")
    with Image.open(tmp_path / "p.webp") as image:
        assert image.size == (64, 96)
        pixels = np.asarray(image.convert("L"))
    assert pixels[10, 10] > 200
    assert max(pixels[10, 54], pixels[86, 10], pixels[86, 54]) < 50


@pytest.mark.parametrize("size", [(4096, 4096), (8192, 64), (64, 8192)])
def test_extreme_sizes(make_clip, tmp_path: Path, size: tuple[int, int]) -> None:
    clip = make_clip(frames=[flat(128, size)], options={"preset": "ultrafast"})
    previews(clip, tmp_path / "poster.webp", tmp_path / "sheet.jpg")
    with Image.open(tmp_path / "poster.webp") as image:
        assert max(image.size) == 1280
        assert mean(image) == pytest.approx(128, abs=4)
    with Image.open(tmp_path / "sheet.jpg") as image:
        assert max(image.size) == 5 * 256


def test_what_is_no_video_is_a_media_error(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"<html>")
    with pytest.raises(MediaError):
        previews(tmp_path / "clip.mp4", tmp_path / "poster.webp", tmp_path / "sheet.jpg")


def test_a_disk_that_refuses_is_a_storage_error(make_clip, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write the WEBP preview: No such file or directory"):
        previews(make_clip(), tmp_path / "missing" / "poster.webp", tmp_path / "sheet.jpg")
