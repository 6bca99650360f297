"""Public ids: a prefix and 26 characters that sort by time (ULID)."""

from __future__ import annotations

import re
import secrets

from ulid import ULID

_VIDEO_ID = re.compile(r"video_[0-9a-hjkmnp-tv-z]{26}")


def new_id(prefix: str) -> str:
    """`prefix_` and a lower-case ULID: sortable by creation time to the millisecond, 80 random bits."""
    return f"{prefix}_{str(ULID()).lower()}"


def is_video_id(text: str) -> bool:
    return _VIDEO_ID.fullmatch(text) is not None


def new_api_key(mode: str) -> str:
    """`sk-live-…` or `sk-test-…` with 256 random bits. Shown once, stored only as its SHA-256."""
    return f"sk-{mode}-{secrets.token_urlsafe(32)}"


def id_created_at(text: str) -> float:
    """The time (Unix seconds) inside an id of ours; 0 for text that holds none."""
    try:
        return ULID.from_str(text.partition("_")[2].upper()).timestamp
    except ValueError:
        return 0.0
