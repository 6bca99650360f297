"""Clips that come inside a JSON reply, as base64."""

from __future__ import annotations

import base64
import contextlib
import re
from pathlib import Path

from filmgate.core.errors import UpstreamBusy

# The longest clip at 4k, a third larger in base64, fits several times.
MOST_INLINE_REPLY_BYTES = 512 * 1024 * 1024
_CHARACTERS_AT_ONCE = 4 * 1024 * 1024  # a multiple of 4; other threads run between two pieces
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


def save_inline(encoded: str, work_dir: Path, name: str) -> Path:
    """Write the clip to `work_dir`/`name`/inline.mp4, whole or not at all, and say where it is. Blocks.

    Raises UpstreamBusy where the text is no base64 or the disk does not take the file: the answer can be asked again.
    """
    path = work_dir / _UNSAFE.sub("_", name)[-120:] / "inline.mp4"
    partial = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            for start in range(0, len(encoded), _CHARACTERS_AT_ONCE):
                file.write(base64.b64decode(encoded[start : start + _CHARACTERS_AT_ONCE], validate=True))
        partial.replace(path)
    except ValueError as error:
        raise UpstreamBusy("the clip inside the answer is no base64") from error
    except OSError as error:
        raise UpstreamBusy(f"the clip inside the answer cannot be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return path
