"""Ctrl-C in a terminal reaches the renderer too; only its parent decides when it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path


def test_sigint_does_not_end_a_renderer(tmp_path: Path) -> None:
    job = {
        "prompt": "sea", "width_px": 64, "height_px": 64, "fps": 4, "duration_seconds": 0.5, "seed": 1,
        "output_path": str(tmp_path / "clip.mp4"),
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "filmgate.animatic.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        assert json.loads(child.stdout.readline()) == {"event": "ready"}
        child.send_signal(signal.SIGINT)
        child.stdin.write(json.dumps(job) + "\n")
        child.stdin.flush()
        last = ""
        while last not in ("done", "failed"):
            last = json.loads(child.stdout.readline())["event"]
        child.stdin.close()

    assert last == "done"
