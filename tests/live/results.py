"""What a live run leaves behind, below the folder that FILMGATE_LIVE_RECORD names.

golden/<provider>/recorded_<account>_<check>.json   to be copied into tests/golden, when a person has read it
videos/<account>_<check>.json, .mp4                 the Video, the timeline and the clip
mismatches/<account>_<check>.txt                    cases that the golden runner does not take
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live.checks import Seen


@dataclass(frozen=True, slots=True)
class Results:
    """The files of one check of one account. Files of an earlier run are overwritten."""

    folder: Path
    provider: str
    account: str
    check: str

    @property
    def name(self) -> str:
        """Made of what a golden file's name and a test's id may have."""
        return re.sub(r"[^a-z0-9]+", "_", f"{self.account}_{self.check}".casefold())

    @property
    def golden_path(self) -> Path:
        return self.folder / "golden" / self.provider / f"recorded_{self.name}.json"

    def keep_golden(self, file: dict[str, Any]) -> None:
        _write(self.golden_path, json.dumps(file, indent=1, ensure_ascii=False) + "\n")

    def keep_mismatches(self, mismatches: Sequence[str]) -> Path:
        path = self.folder / "mismatches" / f"{self.name}.txt"
        _write(path, "\n\n".join(mismatches) + "\n")
        return path

    def keep_seen(self, seen: Seen) -> None:
        told = {"asked": str(seen.choice), "video": seen.video, "timeline": seen.timeline}
        path = self.folder / "videos" / f"{self.name}.json"
        _write(path, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        if seen.clip is not None:
            path.with_suffix(".mp4").write_bytes(seen.clip)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
