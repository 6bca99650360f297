from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from filmgate.core.errors import MediaError
from filmgate.media.container_size import announced_size_bytes
from filmgate.media.probe import probe, verify

# What a phone held upright writes: turn by 90 degrees clockwise (x, y) -> (-y, x), in 16.16 and 2.30 fixed point.
CLOCKWISE = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]
HALF_TURN = [-(1 << 16), 0, 0, 0, -(1 << 16), 0, 0, 0, 1 << 30]


def noise(count: int) -> list[np.ndarray]:
    """Frames that do not compress, so that a cut file is cut in the middle of pictures."""
    generator = np.random.default_rng(7)
    return [generator.integers(0, 255, (64, 96, 3), np.uint8) for _ in range(count)]


def test_facts_of_a_plain_clip(make_clip) -> None:
    path = make_clip(audio_codec="aac")
    facts = verify(path)
    assert (facts.width_px, facts.height_px, facts.fps, facts.frame_count) == (96, 64, 24.0, 12)
    assert facts.duration_seconds == pytest.approx(0.5)
    assert facts.has_audio
    assert (facts.video_codec, facts.pixel_format) == ("h264", "yuv420p")
    assert facts.size_bytes == path.stat().st_size
    assert probe(path) == facts


def test_a_silent_clip_has_no_audio(make_clip) -> None:
    assert not probe(make_clip()).has_audio


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(25, 2), 60, 1])
def test_odd_rates_are_exact(make_clip, rate: Fraction | int) -> None:
    facts = verify(make_clip(rate=rate))
    assert facts.fps == pytest.approx(float(rate), rel=1e-6)
    assert facts.duration_seconds == pytest.approx(12 / rate, abs=0.001)


def test_variable_frame_rate_is_its_average_and_its_real_length(make_clip) -> None:
    ticks = [0, 40, 80, 120, 620, 660, 1160, 1660]
    facts = verify(make_clip(ticks=ticks, frames=noise(8), rate=25))
    assert facts.fps == pytest.approx(7 / 1.66, rel=0.05)
    assert facts.duration_seconds == pytest.approx(1.7, abs=0.02)


@pytest.mark.parametrize(("matrix", "size"), [(CLOCKWISE, (64, 96)), (HALF_TURN, (96, 64))])
def test_size_is_as_shown_after_turning(make_clip, matrix: list[int], size: tuple[int, int]) -> None:
    facts = verify(make_clip(display_matrix=matrix))
    assert (facts.width_px, facts.height_px) == size


def test_size_is_in_square_pixels(make_clip) -> None:
    facts = verify(make_clip(sample_aspect_ratio=Fraction(4, 3)))
    assert (facts.width_px, facts.height_px) == (128, 64)


def test_a_clip_of_one_frame(make_clip) -> None:
    facts = verify(make_clip(frames=noise(1)))
    assert (facts.frame_count, facts.fps) == (1, 24.0)
    assert facts.duration_seconds == pytest.approx(1 / 24, abs=0.001)


CONTAINERS = [
    ("clip.mp4", "libx264", "aac"),
    ("clip.mov", "libx264", "pcm_s16le"),
    ("clip.mkv", "libx264", "aac"),
    ("clip.webm", "libvpx-vp9", "libopus"),
    ("clip.avi", "mpeg4", "libmp3lame"),
    ("clip.ts", "libx264", "aac"),
    ("clip.flv", "libx264", "aac"),
]


@pytest.mark.parametrize(("name", "codec", "audio_codec"), CONTAINERS)
def test_every_container_that_a_model_may_answer_with(make_clip, name: str, codec: str, audio_codec: str) -> None:
    facts = verify(make_clip(name, codec=codec, audio_codec=audio_codec, frames=noise(12)))
    assert (facts.width_px, facts.height_px, facts.fps, facts.frame_count) == (96, 64, 24.0, 12)
    assert facts.duration_seconds == pytest.approx(0.5, abs=0.05)
    assert facts.has_audio


@pytest.mark.parametrize(
    ("name", "codec", "movflags"),
    [
        ("clip.mp4", "libx264", ""),
        ("clip.mp4", "libx264", "faststart"),
        ("clip.mp4", "libx264", "frag_keyframe+empty_moov"),
        ("clip.mkv", "libx264", ""),
        ("clip.webm", "libvpx-vp9", ""),
        ("clip.avi", "mpeg4", ""),
    ],
)
@pytest.mark.parametrize("kept_percent", [1, 10, 30, 50, 70, 90, 97, 99.9])
def test_a_truncated_file_is_found_wherever_it_was_cut(
    make_clip, name: str, codec: str, movflags: str, kept_percent: float
) -> None:
    path = make_clip(name, codec=codec, movflags=movflags, frames=noise(12))
    verify(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept_percent / 100)])
    with pytest.raises(MediaError):
        verify(path)


def cut_between_fragments(path: Path) -> None:
    """Drop the last two fragments, so that every box that is left is whole."""
    content = path.read_bytes()
    last = content.rindex(b"moof") - 4
    path.write_bytes(content[: content.rindex(b"moof", 0, last) - 4])
    assert announced_size_bytes(path) == path.stat().st_size


def test_a_file_that_ends_between_two_fragments_is_found_by_its_announced_length(make_clip) -> None:
    flags = "frag_keyframe+empty_moov+default_base_moof+global_sidx+skip_trailer"
    path = make_clip(frames=noise(24), movflags=flags, options={"g": "6"}, rate=6)
    verify(path)
    cut_between_fragments(path)
    with pytest.raises(MediaError, match=r"it announces 4\.33 s and holds 2\.50 s"):
        verify(path)


def test_fragments_that_announce_nothing_are_measured_and_nothing_is_guessed(make_clip) -> None:
    """Such a file cut between two fragments is a whole shorter one; only who asked for a length can tell."""
    path = make_clip(frames=noise(24), movflags="frag_keyframe+empty_moov+skip_trailer", options={"g": "6"}, rate=6)
    whole = verify(path)
    cut_between_fragments(path)
    assert verify(path).duration_seconds < whole.duration_seconds - 1


def test_a_file_whose_tail_was_overwritten_does_not_verify(make_clip) -> None:
    path = make_clip(frames=noise(12), movflags="faststart", options={"g": "6", "bf": "0"})
    content = bytearray(path.read_bytes())
    content[-len(content) // 4 :] = bytes(len(content[-len(content) // 4 :]))
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"does not decode|cannot be decoded"):
        verify(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing (0 bytes)"),
        (b"<!DOCTYPE html><html><body>403 Forbidden</body></html>" * 20, "HTML (1080 bytes)"),
        (b'{"error": "expired"}', "JSON (20 bytes)"),
        (b"\x00\x01\x02\x03" * 100, "400 bytes that begin with 00 01 02 03"),
        (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n", "an HLS playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "38 bytes that begin with 66 66 63 6f"),
    ],
)
def test_what_is_no_video_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    for check in (probe, verify):
        with pytest.raises(MediaError) as caught:
            check(path)
        assert words in caught.value.message


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_an_image_is_no_video(tmp_path: Path, image_format: str) -> None:
    path = tmp_path / "clip.mp4"
    Image.new("RGB", (64, 64)).save(path, image_format)
    with pytest.raises(MediaError, match="cannot be decoded as video"):
        probe(path)


def test_a_song_is_no_video(tmp_path: Path, make_clip) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(make_clip(audio_codec="aac"))) as source, av.open(str(path), "w") as output:
        target = output.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = target
                output.mux(packet)
    with pytest.raises(MediaError, match="there is no video in it, only audio"):
        verify(path)


def test_a_missing_file_is_a_media_error(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="unreadable"):
        probe(tmp_path / "gone.mp4")


def test_an_announced_size_is_the_real_one(make_clip) -> None:
    for name, codec in [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.webm", "libvpx-vp9"), ("a.avi", "mpeg4")]:
        path = make_clip(name, codec=codec)
        assert announced_size_bytes(path) == path.stat().st_size
    assert announced_size_bytes(make_clip("a.ts")) is None
