"""The rendering process, as its parent sees it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from filmgate.animatic.job import RenderJob

MakeJob = Callable[..., RenderJob]


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "filmgate.animatic.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def told(child: subprocess.Popen[str]) -> dict[str, Any]:
    assert child.stdout is not None
    return json.loads(child.stdout.readline())


def ask(child: subprocess.Popen[str], line: str) -> dict[str, Any]:
    """Send a line and return the event that ends it."""
    assert child.stdin is not None
    child.stdin.write(line + "\n")
    child.stdin.flush()
    while (event := told(child))["event"] == "progress":
        assert 0 < event["done"] <= event["total"]
    return event


def test_jobs_one_after_another(child: subprocess.Popen[str], make_job: MakeJob) -> None:
    assert told(child) == {"event": "ready"}
    for prompt, scene in (("sea", "sea"), ("\0 🎉", "abstract")):
        job = make_job(prompt)
        event = ask(child, job.to_json())
        assert event["event"] == "done"
        assert event["understood"]["scene"] == scene
        assert Path(job.output_path).stat().st_size > 1000


def test_a_bad_job_does_not_end_the_process(child: subprocess.Popen[str], make_job: MakeJob, tmp_path: Path) -> None:
    told(child)
    refused = ask(child, "{}")
    assert (refused["event"], refused["code"]) == ("failed", "invalid_input")
    unreadable = ask(child, make_job("sea", image_path=str(tmp_path / "no.png")).to_json())
    assert (unreadable["code"], "no.png" in unreadable["message"]) == ("invalid_input", True)
    broken = ask(child, make_job("sea", output_path=str(tmp_path / "no" / "folder" / "x.mp4")).to_json())
    assert broken["code"] == "provider_failed"
    assert "could not be written" in broken["message"]
    assert "folder" not in broken["message"], "paths of this machine are not for clients"
    assert ask(child, make_job("sea").to_json())["event"] == "done"


def test_ctrl_c_in_a_terminal_is_for_the_parent_to_act_on(child: subprocess.Popen[str], make_job: MakeJob) -> None:
    assert told(child) == {"event": "ready"}
    child.send_signal(signal.SIGINT)
    assert ask(child, make_job("sea").to_json())["event"] == "done"


def start_long_job(child: subprocess.Popen[str], make_job: MakeJob) -> RenderJob:
    told(child)
    job = make_job("abstract", duration_seconds=60.0, fps=60)
    assert child.stdin is not None
    child.stdin.write(job.to_json() + "\n")
    child.stdin.flush()
    assert told(child)["event"] == "progress"
    return job


def test_killed_in_the_middle_leaves_at_most_a_part_file(child: subprocess.Popen[str], make_job: MakeJob) -> None:
    job = start_long_job(child, make_job)
    child.kill()
    child.wait(timeout=10)
    assert not Path(job.output_path).exists()
    left = {path.name for path in Path(job.output_path).parent.iterdir()}
    assert left <= {Path(job.output_path).name + ".part"}


def test_ends_at_once_when_stdin_closes(child: subprocess.Popen[str], make_job: MakeJob) -> None:
    job = start_long_job(child, make_job)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=10) == 0
    assert not Path(job.output_path).exists()


def test_a_parent_that_left_before_it_was_ready_is_no_reason_for_a_trace(child: subprocess.Popen[str]) -> None:
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    said = child.stderr.read()
    assert child.wait(timeout=60) == 0
    assert said == ""
