"""How long animatic-1 takes, beside encoding the very same frames. Usage: uv run python benchmarks/render.py

5 s of 1280x720 at 30 fps per scene: the whole job as the child process does it, then the finished clip's frames
decoded once and encoded again with the same settings, timed alone. Peak memory is that of a process that renders only
this clip.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av
import numpy as np
from rich.console import Console
from rich.table import Table

from filmgate.animatic.encode import Mp4Writer
from filmgate.animatic.job import RenderJob

PROMPTS = {
    "moon": "An astronaut stood up and walked",
    "sea": "A lone sailboat crossing a calm sea at sunset",
    "mountains": "Snowy mountains by a lake at golden hour",
    "city": "Neon city street at night in the rain",
    "forest": "A misty forest at dawn",
    "space": "A ringed planet in deep space",
    "abstract": "Flowing silk, abstract",
}

ONE_RENDER = """
import json, resource, sys, time
import cv2
cv2.setNumThreads(1)
from filmgate.animatic.job import RenderJob
from filmgate.animatic.render import render
started = time.perf_counter()
understood = render(RenderJob.from_json(sys.argv[1]))
seconds = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_mb": peak, "scene": understood["scene"]}))
"""


def main() -> None:
    table = Table(title="animatic-1: 5 s, 1280x720, 30 fps (150 frames)")
    for column in ("scene", "render s", "encode only s", "ratio", "peak memory MB", "file MB"):
        table.add_column(column, justify="left" if column == "scene" else "right")
    with tempfile.TemporaryDirectory() as folder:
        for name, prompt in PROMPTS.items():
            path = Path(folder) / f"{name}.mp4"
            job = RenderJob(prompt, 1280, 720, 30, 5.0, 7, str(path))
            done = subprocess.run(
                [sys.executable, "-c", ONE_RENDER, job.to_json()], check=True, capture_output=True, text=True
            )
            told = json.loads(done.stdout.splitlines()[-1])
            encode = encode_only(path, Path(folder) / "again.mp4")
            table.add_row(
                told["scene"],
                f"{told['seconds']:.2f}",
                f"{encode:.2f}",
                f"{told['seconds'] / encode:.1f}",
                f"{told['peak_mb']:.0f}",
                f"{path.stat().st_size / 1e6:.1f}",
            )
    Console(width=120).print(table)


def encode_only(clip: Path, target: Path) -> float:
    """Seconds to encode the clip's own frames again, decoded beforehand."""
    with av.open(str(clip)) as container:
        frames = [np.ascontiguousarray(frame.to_ndarray(format="yuv420p")) for frame in container.decode(video=0)]
    started = time.perf_counter()
    with Mp4Writer(target, 1280, 720, 30, "benchmark") as writer:
        for frame in frames:
            writer.write(frame)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
