"""How long animatic-1 takes, beside encoding the very same frames.

Usage: python benchmarks/render.py [--sizes 480p,720p,1080p] [--scenes moon,sea] [--runs 1] [--quality standard]

5 s at 30 fps of every scene: the whole job as the child process does it, then the finished clip's frames decoded once
and encoded again with the same settings, timed alone. Of several runs the fastest of each counts, since other work on
the machine only ever adds. Peak memory is that of a process that renders only this clip.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from rich.console import Console
from rich.table import Table

from filmgate.animatic.encode import Mp4Writer
from filmgate.animatic.job import RenderJob

SIZES = {"480p": (854, 480), "720p": (1280, 720), "1080p": (1920, 1080)}
FPS, SECONDS = 30, 5.0
PROMPTS = {
    "moon": "An astronaut stood up and walked",
    "sea": "A lone sailboat crossing a calm sea at sunset",
    "lake": "A lake at dawn, a deer",
    "mountains": "Mountains at golden hour, three balloons",
    "city": "Neon city street at night in the rain, a woman walks",
    "skyline": "Skyline across the river at night",
    "forest": "A misty forest at dawn, a deer",
    "meadow": "A horse gallops across a meadow in summer",
    "desert": "A camel walks in the desert at sunset",
    "snowfield": "A wolf runs in the snow",
    "space": "A ringed planet in deep space, an astronaut floats",
    "underwater": "A whale and a coral reef underwater",
    "clouds": "An aeroplane above a sea of clouds",
    "interior": "A cosy room with a window, rain, a cat on the sill",
    "studio": "A cup of coffee on a table, product shot",
    "silk": "Flowing silk, abstract",
    "ink": "Ink in water",
}


def main() -> None:
    asked = arguments()
    table = Table(title=f"animatic-1: {SECONDS:g} s at {FPS} fps, quality {asked.quality}")
    table.add_column("scene")
    for size in asked.sizes:
        for column in (f"{size} s", "encode s", "ratio", "MB"):
            table.add_column(column, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        for scene in asked.scenes:
            cells = [cell for size in asked.sizes for cell in measured(scene, size, asked, Path(folder))]
            table.add_row(scene, *cells)
    Console(width=160).print(table)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=lambda text: text.split(","), default=list(SIZES))
    parser.add_argument("--scenes", type=lambda text: text.split(","), default=list(PROMPTS))
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--quality", default="standard")
    return parser.parse_args()


def measured(scene: str, size: str, asked: argparse.Namespace, folder: Path) -> tuple[str, str, str, str]:
    """Seconds of the whole job, of encoding alone, their ratio, and the peak of memory in MB."""
    width, height = SIZES[size]
    path = folder / "clip.mp4"
    job = RenderJob(PROMPTS[scene], width, height, FPS, SECONDS, 7, str(path), quality_level=asked.quality)
    renders, encodes, peaks = [], [], []
    for _ in range(asked.runs):
        seconds, peak_mb = rendered(job)
        renders.append(seconds)
        peaks.append(peak_mb)
        encodes.append(encode_only(path, folder / "again.mp4", job))
    whole, alone = min(renders), min(encodes)
    return f"{whole:.2f}", f"{alone:.2f}", f"{whole / alone:.2f}", f"{max(peaks):.0f}"


def rendered(job: RenderJob) -> tuple[float, float]:
    """Seconds from handing the job to a waiting renderer until its file is there, and the peak of its memory in MB."""
    with subprocess.Popen(
        [sys.executable, "-m", "filmgate.animatic.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        events = (json.loads(line) for line in child.stdout)
        assert next(events)["event"] == "ready"
        started = time.perf_counter()
        child.stdin.write(job.to_json() + "\n")
        child.stdin.flush()
        last = next(event for event in events if event["event"] != "progress")
        seconds = time.perf_counter() - started
        assert last["event"] == "done", last
        status = Path(f"/proc/{child.pid}/status").read_text()
        child.stdin.close()
    peak = re.search(r"VmHWM:\s+(\d+)", status)
    return seconds, int(peak[1]) / 1024 if peak else 0.0


def encode_only(clip: Path, target: Path, job: RenderJob) -> float:
    """Seconds to encode the clip's own frames again, decoded beforehand."""
    with av.open(str(clip)) as container:
        frames = [np.ascontiguousarray(frame.to_ndarray(format="yuv420p")) for frame in container.decode(video=0)]
    started = time.perf_counter()
    with Mp4Writer(
        target, job.width_px, job.height_px, Fraction(FPS), "benchmark", quality=job.quality_level
    ) as writer:
        for frame in frames:
            writer.write(frame)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
