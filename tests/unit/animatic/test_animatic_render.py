"""What is in the file is exactly what was asked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from drawn import prepare
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filmgate.animatic.film import DRAFT_PIXELS
from filmgate.animatic.job import RenderCancelled, RenderJob
from filmgate.animatic.render import render
from filmgate.animatic.shot import MAX_DRAWN_PIXELS

MakeJob = Callable[..., RenderJob]


def probe(path: str) -> dict[str, Any]:
    with av.open(path) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        times = [frame.pts * frame.time_base for frame in container.decode(stream) if frame.pts is not None]
        return {
            "codec": context.name,
            "profile": context.profile,
            "format": context.pix_fmt,
            "colours": (context.color_range, context.colorspace, context.color_primaries, context.color_trc),
            "size": (context.width, context.height),
            "rate": stream.average_rate,
            "frames": len(times),
            "steps": {later - earlier for earlier, later in pairwise(times)},
            "seconds": float(stream.duration * stream.time_base) if stream.duration and stream.time_base else 0.0,
            "comment": container.metadata.get("comment", ""),
        }


@given(
    width=st.integers(32, 80),
    height=st.integers(32, 80),
    fps=st.integers(1, 120) | st.sampled_from([23.976, 29.97, 59.94, 119.88, 12.5, 7.3]),
    frames=st.integers(1, 9),
    jitter=st.floats(-0.4, 0.4),
    prompt=st.sampled_from(["sea", "abstract", "moon", None]),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_size_rate_and_length_are_exact(
    tmp_path: Path, width: int, height: int, fps: float, frames: int, jitter: float, prompt: str | None
) -> None:
    duration = max(0.5, min(2.0, (frames + jitter) / fps))
    job = RenderJob(
        prompt=prompt, width_px=width * 2, height_px=height * 2, fps=fps, duration_seconds=duration, seed=1,
        output_path=str(tmp_path / "clip.mp4"), quality_level="draft",
    )  # fmt: skip
    render(job)
    found = probe(job.output_path)
    assert found["size"] == (width * 2, height * 2)
    assert found["frames"] == job.frame_count == max(1, round(duration * job.rate))
    assert found["rate"] == job.rate == pytest.approx(fps, abs=1e-3)
    assert found["steps"] <= {1 / job.rate}
    assert found["seconds"] == pytest.approx(float(job.frame_count / job.rate), abs=1e-3)


def test_file_is_what_browsers_play(make_job: MakeJob) -> None:
    job = make_job("forest", seed=42)
    render(job)
    found = probe(job.output_path)
    assert (found["codec"], found["profile"], found["format"]) == ("h264", "High", "yuv420p")
    assert found["colours"] == (1, 1, 1, 1), "BT.709, limited range"
    assert found["comment"] == "Procedural animatic (rendered by code, no generative model). seed=42"
    data = Path(job.output_path).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index comes first"


def test_progress_counts_every_frame_and_nothing_is_left_over(make_job: MakeJob, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    job = make_job("sea")
    understood = render(job, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(index + 1, 8) for index in range(8)]
    assert understood["scene"] == "sea"
    assert [path.name for path in tmp_path.iterdir()] == [Path(job.output_path).name]


@pytest.mark.parametrize("after", [0, 1, 4])
def test_cancelled_render_leaves_no_file(make_job: MakeJob, tmp_path: Path, after: int) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    with pytest.raises(RenderCancelled):
        render(make_job("sea"), cancelled=cancelled)
    assert list(tmp_path.iterdir()) == []


def test_an_old_file_stays_until_the_new_one_is_whole(make_job: MakeJob) -> None:
    job = make_job("sea")
    Path(job.output_path).write_bytes(b"old")
    with pytest.raises(RenderCancelled):
        render(job, cancelled=iter([False, False, True]).__next__)
    assert Path(job.output_path).read_bytes() == b"old"
    render(job)
    assert probe(job.output_path)["frames"] == 8


@pytest.mark.parametrize("quality", ["draft", "standard", "high"])
def test_large_frames_are_drawn_within_the_quality_limit(make_job: MakeJob, quality: str) -> None:
    picture = prepare(make_job("abstract", width_px=4096, height_px=4096, quality_level=quality))
    limit = MAX_DRAWN_PIXELS.get(quality, DRAFT_PIXELS)
    assert picture.shots[0].canvas.width * picture.shots[0].canvas.height <= limit * 1.02
    assert picture.planes(0).shape == (4096 * 3 // 2, 4096)


def test_a_draft_looks_like_the_clip_that_it_stands_for(make_job: MakeJob) -> None:
    fields = {"width_px": 1280, "height_px": 720, "seed": 3}
    draft, whole = (
        prepare(make_job("sea at sunset, sailboat", quality_level=quality, **fields)).planes(4)[:720].astype(float)
        for quality in ("draft", "standard")
    )
    assert np.corrcoef(draft[::16, ::16].ravel(), whole[::16, ::16].ravel())[0, 1] > 0.8


def test_largest_frame_can_be_encoded(make_job: MakeJob) -> None:
    job = make_job("abstract", width_px=4096, height_px=4096, fps=2, duration_seconds=0.5, quality_level="draft")
    render(job)
    assert probe(job.output_path)["size"] == (4096, 4096)


@pytest.mark.parametrize("style", ["cinematic", "noir", "vintage", "neon"])
def test_styles_change_the_picture(make_job: MakeJob, style: str) -> None:
    plain, styled = (prepare(make_job("sea at sunset", style=name)).rgb(2).astype(int) for name in (None, style))
    assert np.abs(plain - styled).mean() > 2
    spread = np.abs(styled[..., 0] - styled[..., 2]).mean()
    assert spread < 1 if style == "noir" else spread > 5


def test_no_banding_in_a_plain_sky(make_job: MakeJob) -> None:
    """Grain and dither break up flat steps: few neighbouring rows of the decoded luma are equal all along."""
    planes = prepare(make_job("cloudless sea at night, static", width_px=256, height_px=144)).planes(3)
    rows = planes[8:60].astype(int)
    assert np.abs(np.diff(rows, axis=0)).mean() > 0.4


def test_same_request_same_bytes_other_seed_other_bytes(make_job: MakeJob) -> None:
    digests: list[str] = []
    for seed in (5, 5, 6):
        job = make_job("desert", seed=seed)
        render(job, threads=2)
        digests.append(hashlib.sha256(Path(job.output_path).read_bytes()).hexdigest())
    assert digests[0] == digests[1] != digests[2]
