"""A renderer keeps the memory that it freed: its frames do not make the kernel clear pages again and again."""

from __future__ import annotations

import subprocess
import sys

FAULTS_PER_FRAME = """
import resource, sys
import numpy as np
from filmgate.animatic.memory import give_back_memory, keep_freed_memory
if sys.argv[1] == "keep" and not keep_freed_memory():
    sys.exit("another C library")

def frame():
    layers = [np.ones((720, 1280, 3), np.uint8) for _ in range(8)]  # several at a time, or one would be used again
    return sum(int(layer[0, 0, 0]) for layer in layers)

frame()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    frame()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 10)
give_back_memory()
"""


def faults_per_frame(how: str) -> float | None:
    done = subprocess.run([sys.executable, "-c", FAULTS_PER_FRAME, how], capture_output=True, text=True, check=False)
    if "another C library" in done.stderr:
        return None
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


def test_frames_of_a_renderer_reuse_memory() -> None:
    faults = faults_per_frame("keep")
    assert faults is None or faults < 100
