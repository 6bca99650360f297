from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from media_clips import grey_frames, shown_greys, shown_times

from filmgate.core.errors import MediaError, MediaWorkCancelled, StorageError
from filmgate.media.conform import conform, exact_rate, needs_conform
from filmgate.media.probe import MediaFacts, probe, verify

CLOCKWISE = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]
COUNTER_CLOCKWISE = [0, -(1 << 16), 0, 1 << 16, 0, 0, 0, 0, 1 << 30]
HALF_TURN = [-(1 << 16), 0, 0, 0, -(1 << 16), 0, 0, 0, 1 << 30]


def facts_of(**changes: object) -> MediaFacts:
    facts = {"width_px": 1280, "height_px": 720, "fps": 24.0, "duration_seconds": 5.0, "frame_count": 120}
    rest = {"has_audio": False, "video_codec": "h264", "pixel_format": "yuv420p", "size_bytes": 1}
    return MediaFacts(**{**facts, **rest, **changes})


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        ((None, None, None), False),
        ((1280, 720, 24), False),
        ((1280, 720, None), False),
        ((1280, 704, 24), True),
        ((1024, 720, None), True),
        ((None, None, 30), True),
        ((None, None, 23.976), True),
        ((None, None, 24.001), False),
    ],
)
def test_only_a_difference_needs_work(asked: tuple[int | None, int | None, float | None], needed: bool) -> None:
    assert needs_conform(facts_of(), *asked) is needed


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (23.976, Fraction(24000, 1001)),
        (24000 / 1001, Fraction(24000, 1001)),
        (29.97, Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        (24, Fraction(24)),
        (24.0, Fraction(24)),
        (12.5, Fraction(25, 2)),
        (8, Fraction(8)),
    ],
)
def test_rates_of_broadcasting_are_exact(fps: float, rate: Fraction) -> None:
    assert exact_rate(fps) == rate


@pytest.mark.parametrize("size", [(128, 128), (64, 96), (160, 90), (16, 16), (320, 64)])
@pytest.mark.parametrize("fps", [8, 23.976, 24, 25, 30, 60])
def test_size_and_rate_are_what_was_asked_and_the_length_stays(
    make_clip, tmp_path: Path, size: tuple[int, int], fps: float
) -> None:
    source = make_clip(frames=grey_frames(25), rate=25)
    facts = conform(source, tmp_path / "out.mp4", width_px=size[0], height_px=size[1], fps=fps)
    assert (facts.width_px, facts.height_px) == size
    assert facts.fps == pytest.approx(float(exact_rate(fps)))
    assert abs(facts.duration_seconds - 1.0) <= 0.5 / fps + 1e-6
    assert verify(tmp_path / "out.mp4") == facts
    gaps = np.diff(shown_times(tmp_path / "out.mp4"))
    assert np.allclose(gaps, 1 / fps, atol=1e-3)


@pytest.mark.parametrize("fps", [10, 25, 50])
def test_motion_keeps_its_speed(make_clip, tmp_path: Path, fps: int) -> None:
    """Every frame is 8 brighter than the one before, so brightness tells the time in the source."""
    source = make_clip(frames=grey_frames(25), rate=25)
    conform(source, tmp_path / "out.mp4", width_px=None, height_px=None, fps=fps)
    shown = zip(shown_times(tmp_path / "out.mp4"), shown_greys(tmp_path / "out.mp4"), strict=True)
    for time_seconds, grey in shown:
        assert (grey - 40) / 8 / 25 == pytest.approx(time_seconds, abs=0.5 / fps + 0.5 / 25 + 0.01)


def test_variable_frame_rate_becomes_constant_at_the_same_times(make_clip, tmp_path: Path) -> None:
    ticks = [0, 100, 200, 700, 800, 1500]
    source = make_clip(frames=grey_frames(6), ticks=ticks, rate=10)
    facts = conform(source, tmp_path / "out.mp4", width_px=None, height_px=None, fps=10)
    assert facts.duration_seconds == pytest.approx(probe(source).duration_seconds, abs=0.05)
    steps = [round((grey - 40) / 8) for grey in shown_greys(tmp_path / "out.mp4")]
    assert steps[:15] == [0, 1, 2, 2, 2, 2, 2, 3, 4, 4, 4, 4, 4, 4, 4]
    assert set(steps[15:]) == {5}


def test_the_picture_covers_and_is_cut_at_its_centre(make_clip, tmp_path: Path) -> None:
    """A wide frame of red, green and blue thirds, made square: what is left is its middle, not squeezed."""
    wide = np.zeros((64, 192, 3), np.uint8)
    for third in range(3):
        wide[:, third * 64 : (third + 1) * 64, third] = 255
    conform(make_clip(frames=[wide] * 4), tmp_path / "out.mp4", width_px=128, height_px=128, fps=None)
    picture = first_picture(tmp_path / "out.mp4")
    for y, x in [(8, 8), (8, 119), (64, 64), (119, 8), (119, 119)]:
        red, green, blue = (int(value) for value in picture[y, x])
        assert green > 200
        assert red < 60
        assert blue < 60


@pytest.mark.parametrize("matrix", [None, CLOCKWISE, COUNTER_CLOCKWISE, HALF_TURN])
def test_a_turned_clip_comes_out_upright(make_clip, tmp_path: Path, matrix: list[int] | None) -> None:
    """The source is stored lying so that its turn brings the white corner to the top left."""
    upright = np.zeros((96, 64, 3), np.uint8)
    upright[:48, :32] = 255
    quarter_turns = {None: 0, id(CLOCKWISE): 1, id(HALF_TURN): 2, id(COUNTER_CLOCKWISE): 3}
    turns = quarter_turns[None if matrix is None else id(matrix)]
    stored = np.ascontiguousarray(np.rot90(upright, turns))
    source = make_clip(frames=[stored] * 4, display_matrix=matrix)
    facts = conform(source, tmp_path / "out.mp4", width_px=None, height_px=None, fps=12)
    assert (facts.width_px, facts.height_px) == (64, 96)
    picture = first_picture(tmp_path / "out.mp4").mean(axis=2)
    assert picture[10, 10] > 200
    assert max(picture[10, 54], picture[86, 10], picture[86, 54]) < 50


def first_picture(path: Path) -> np.ndarray:
    with av.open(str(path)) as clip:
        return next(clip.decode(video=0)).to_ndarray(format="rgb24")


def test_pixels_that_are_not_square_are_shown_in_proportion(make_clip, tmp_path: Path) -> None:
    source = make_clip(sample_aspect_ratio=Fraction(2, 1))
    facts = conform(source, tmp_path / "out.mp4", width_px=None, height_px=None, fps=None)
    assert (facts.width_px, facts.height_px) == (192, 64)


@pytest.mark.parametrize("side", [64, 720])
def test_colours_stay_what_players_show_of_an_untagged_source(make_clip, tmp_path: Path, side: int) -> None:
    """Players read untagged YUV as BT.601 below 720 lines and as BT.709 from there on."""
    source = make_clip(frames=[np.full((side, side, 3), (200, 100, 50), np.uint8)] * 2)
    with av.open(str(source)) as clip:
        matrix = "ITU601" if side < 720 else "ITU709"
        as_shown = next(clip.decode(video=0)).reformat(format="rgb24", src_colorspace=matrix).to_ndarray()[32, 32]
    conform(source, tmp_path / "out.mp4", width_px=96, height_px=96, fps=None)
    with av.open(str(tmp_path / "out.mp4")) as clip:
        made = next(clip.decode(video=0)).reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()[32, 32]
    assert np.abs(made.astype(int) - as_shown.astype(int)).max() <= 4


def test_the_result_is_tagged_for_players_and_starts_at_once(make_clip, tmp_path: Path) -> None:
    conform(make_clip(), tmp_path / "out.mp4", width_px=64, height_px=64, fps=24)
    content = (tmp_path / "out.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(tmp_path / "out.mp4")) as clip:
        frame = next(clip.decode(video=0))
        assert (frame.colorspace, frame.color_primaries, frame.color_trc, frame.color_range) == (1, 1, 1, 1)
        assert frame.format.name == "yuv420p"


def flash_and_click() -> tuple[list[np.ndarray], np.ndarray]:
    """One white frame and one click, both half a second in, in a second of black and silence."""
    frames = [np.zeros((64, 96, 3), np.uint8) for _ in range(24)]
    frames[12][:] = 255
    samples = np.zeros(48000, np.float32)
    samples[24000:24096] = 0.9
    return frames, samples


def flash_seconds(path: Path) -> float:
    greys = shown_greys(path)
    return shown_times(path)[int(np.argmax(greys))]


def click_seconds(path: Path) -> float:
    with av.open(str(path)) as clip:
        blocks = [(frame.time, np.abs(frame.to_ndarray()[0].astype(float))) for frame in clip.decode(audio=0)]
    start, samples = max(blocks, key=lambda block: block[1].max())
    return start + int(np.argmax(samples)) / 48000


@pytest.mark.parametrize(
    ("name", "codec", "audio_codec"),
    [
        ("clip.mp4", "libx264", "aac"),
        ("clip.mp4", "libx264", "libmp3lame"),
        ("clip.mov", "libx264", "pcm_s16le"),
        ("clip.webm", "libvpx-vp9", "libopus"),
        ("clip.ts", "libx264", "aac"),
        ("clip.mkv", "libx264", "flac"),
    ],
)
def test_sound_stays_in_step_with_the_picture(
    make_clip, tmp_path: Path, name: str, codec: str, audio_codec: str
) -> None:
    frames, samples = flash_and_click()
    source = make_clip(name, codec=codec, audio_codec=audio_codec, frames=frames, samples=samples)
    facts = conform(source, tmp_path / "out.mp4", width_px=64, height_px=64, fps=30)
    assert facts.has_audio
    source_gap = click_seconds(source) - flash_seconds(source)
    assert click_seconds(tmp_path / "out.mp4") - flash_seconds(tmp_path / "out.mp4") == pytest.approx(
        source_gap, abs=0.5 / 30 + 0.005
    )
    with av.open(str(tmp_path / "out.mp4")) as clip:
        copied = {"aac": "aac", "libmp3lame": "mp3"}.get(audio_codec, "aac")
        assert clip.streams.audio[0].codec_context.codec.canonical_name == copied


@pytest.mark.parametrize("audio_codec", ["aac", "flac"])
def test_sound_stays_in_step_when_the_picture_begins_late(make_clip, tmp_path: Path, audio_codec: str) -> None:
    frames, samples = flash_and_click()
    source = make_clip("clip.mkv", audio_codec=audio_codec, frames=frames, samples=samples, video_delay=6)
    gap = click_seconds(source) - flash_seconds(source)
    assert gap == pytest.approx(-0.25, abs=0.03)
    conform(source, tmp_path / "out.mp4", width_px=64, height_px=64, fps=24)
    made = tmp_path / "out.mp4"
    assert shown_times(made)[0] == pytest.approx(0, abs=0.03)
    assert click_seconds(made) - flash_seconds(made) == pytest.approx(gap, abs=0.03)


def test_cancelling_stops_and_leaves_nothing(make_clip, tmp_path: Path) -> None:
    calls: list[int] = []

    def cancelled() -> bool:
        calls.append(1)
        return len(calls) > 5

    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(MediaWorkCancelled):
        conform(make_clip(), folder / "out.mp4", width_px=64, height_px=64, fps=24, cancelled=cancelled)
    assert len(calls) == 6
    assert list(folder.iterdir()) == []


def test_a_source_that_does_not_decode_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "bad.mp4").write_bytes(b"<html>")
    with pytest.raises(MediaError, match="HTML"):
        conform(tmp_path / "bad.mp4", folder / "out.mp4", width_px=64, height_px=64, fps=24)
    assert list(folder.iterdir()) == []


def test_a_target_that_cannot_be_written_is_a_storage_error(make_clip, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write the conformed clip"):
        conform(make_clip(), tmp_path / "missing" / "out.mp4", width_px=64, height_px=64, fps=24)


@pytest.mark.parametrize("size", [(64, None), (None, 64), (63, 64), (64, 65), (0, 0)])
def test_half_a_size_or_an_odd_one_is_refused(make_clip, tmp_path: Path, size: tuple[int | None, int | None]) -> None:
    with pytest.raises(MediaError, match="cannot conform to"):
        conform(make_clip(), tmp_path / "out.mp4", width_px=size[0], height_px=size[1], fps=None)


def test_an_earlier_target_is_replaced(make_clip, tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_bytes(b"old")
    conform(make_clip(), tmp_path / "out.mp4", width_px=64, height_px=64, fps=24)
    assert probe(tmp_path / "out.mp4").width_px == 64


def test_one_frame_is_enough(make_clip, tmp_path: Path) -> None:
    facts = conform(make_clip(frames=grey_frames(1)), tmp_path / "out.mp4", width_px=64, height_px=64, fps=48)
    assert facts.frame_count == 2


def test_a_size_that_the_encoder_refuses_is_not_blamed_on_the_source(make_clip, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="the clip cannot be encoded as asked"):
        conform(make_clip(frames=grey_frames(1)), tmp_path / "out.mp4", width_px=16400, height_px=2, fps=None)
