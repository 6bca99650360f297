"""What has to be true of a real account. Each check takes a running server, and is run against simulators as well."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filmgate.catalogue.model import ModelEntry
from filmgate.core.money import usd_to_micros
from filmgate.core.video import FailureCode, Status
from filmgate.engine.account_settings import AccountSettings
from filmgate.media.probe import verify
from live.cheapest import Choice
from live.server import LiveServer, LiveVideo

# Vendors' clips are a frame or a few longer or shorter than their names say.
LENGTH_TOLERANCE_SECONDS = 0.5
FPS_TOLERANCE = 1.0
_STORY = ("attempt.started", "attempt.accepted", "attempt.succeeded", "output.stored")


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one video, for whoever reads the results of a run. `clip` is its file, if it has one."""

    choice: Choice
    video: dict[str, Any]
    timeline: list[dict[str, Any]]
    clip: bytes | None = None


class NotAsExpected(AssertionError):
    """Everything that was not as the catalogue or the adapter say it is, one difference a line."""

    def __init__(self, seen: Seen, differences: Sequence[str]) -> None:
        self.seen = seen
        video = json.dumps(seen.video, indent=1, ensure_ascii=False)
        super().__init__("\n".join([str(seen.choice), *(f"- {each}" for each in differences), video]))


async def check_clip(server: LiveServer, choice: Choice, *, image: bytes | None = None) -> Seen:
    """From POST to a file that was measured. Costs one clip. Raises NotAsExpected."""
    live = await server.create(choice, image=image)
    video = await live.finished()
    timeline = await live.timeline()
    if video["status"] != Status.COMPLETED:
        seen = Seen(choice, video, timeline)
        raise NotAsExpected(seen, [f"the video {video['status']}: {video['error']}", *_secrets_told(server, seen)])
    seen = Seen(choice, video, timeline, await live.content())
    differences = [
        *_file_differences(seen),
        *_size_differences(seen),
        *_price_differences(seen, charged=choice.price.usd_micros),
        *_story_differences(seen),
        *[f"there is no {name}" for name in ("thumbnail", "spritesheet") if not await live.content(name)],
        *_secrets_told(server, seen),
    ]
    return _settled(seen, differences)


async def check_cancel(server: LiveServer, choice: Choice) -> Seen:
    """Stopped as soon as the vendor has it. Costs a clip where that is too late, and then one must be there."""
    live = await server.create(choice)
    await _accepted(live)
    answer = await live.cancel()
    video = await live.finished()
    seen = Seen(choice, video, await live.timeline())
    if video["status"] == Status.COMPLETED:
        return _settled(seen, _price_differences(seen, charged=choice.price.usd_micros))
    attempts = [attempt["status"] for attempt in video["metadata"]["filmgate"]["attempts"]]
    differences = [] if answer.status_code == 200 else [f"the cancel was answered with HTTP {answer.status_code}"]
    if (video["error"] or {}).get("code") != FailureCode.CANCELLED:
        differences.append(f"the video {video['status']}: {video['error']}")
    if attempts[-1:] not in (["cancelled"], ["watched"]):  # stopped there, or it goes on and is watched
        differences.append(f"the attempts are {attempts}; the last should be cancelled or watched")
    return _settled(seen, [*differences, *_price_differences(seen, charged=0), *_secrets_told(server, seen)])


async def check_refused(server: LiveServer, choice: Choice, codes: Sequence[str]) -> Seen:
    """Refused before anything was made: with one of `codes`, free of charge, and told whose account it is."""
    live = await server.create(choice)
    video = await live.finished()
    seen = Seen(choice, video, await live.timeline())
    error = video["error"] or {}
    differences = _price_differences(seen, charged=0)
    if video["status"] != Status.FAILED or error.get("code") not in codes:
        differences.append(f"the video {video['status']}: {error or 'no error'}; it should have failed: {list(codes)}")
    if repr(server.account.name) not in str(error.get("message")):
        differences.append(f"the message does not name account {server.account.name!r}")
    if any(attempt["task_id"] for attempt in video["metadata"]["filmgate"]["attempts"]):
        differences.append("the vendor has made a task of it")
    return _settled(seen, [*differences, *_secrets_told(server, seen)])


def can_be_cancelled(account: AccountSettings, entry: ModelEntry) -> bool:
    """Whether cancelling a clip of `entry` asks the vendor at all, as far as the settings tell."""
    match account.provider:
        case "gemini" | "seedance" | "wan":
            return True
        case "hailuo":
            return entry.wire.get("api") == "v2"
        case _:
            return (account.model_extra or {}).get("dialect") in ("filmgate", "vllm-omni")


def _settled(seen: Seen, differences: Sequence[str]) -> Seen:
    if differences:
        raise NotAsExpected(seen, differences)
    return seen


async def _accepted(live: LiveVideo) -> None:
    """Until the vendor has a task of it, or it has ended."""
    while not any(event["type"] in ("attempt.accepted", "output.failed") for event in await live.timeline()):
        await live.get(wait_seconds=1)


def _file_differences(seen: Seen) -> list[str]:
    """The file that a client gets is whole, and is the one that was measured."""
    told, clip = seen.video["metadata"]["filmgate"], seen.clip or b""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        path.write_bytes(clip)
        facts = verify(path)
    measured = {
        "width": facts.width_px,
        "height": facts.height_px,
        "size_bytes": len(clip),
        "sha256": hashlib.sha256(clip).hexdigest(),
        "has_audio": facts.has_audio,
    }
    return [f"{name}: told {told[name]}, is {is_so}" for name, is_so in measured.items() if told[name] != is_so]


def _size_differences(seen: Seen) -> list[str]:
    """What the vendor made against what the catalogue says that it makes; None there means that nobody knows."""
    told, request = seen.video["metadata"]["filmgate"], seen.choice.request
    differences: list[str] = []
    for name, wanted in (("width", request.width_px), ("height", request.height_px)):
        if wanted is not None and told[name] != wanted:
            differences.append(f"{name}: the catalogue says {wanted} px, the file has {told[name]}")
    length, asked = told["duration_seconds"], request.duration_seconds
    if abs(length - asked) > LENGTH_TOLERANCE_SECONDS:
        differences.append(f"length: asked were {asked:g} s, the file has {length:g}")
    if request.fps is not None and abs(told["fps"] - request.fps) > FPS_TOLERANCE:
        differences.append(f"fps: the catalogue says {request.fps}, the file has {told['fps']:g}")
    return differences


def _price_differences(seen: Seen, *, charged: int | None) -> list[str]:
    """What our ledger says. What the vendor booked stands in its own console only."""
    cost, quoted = seen.video["metadata"]["filmgate"]["cost"], seen.choice.price.usd_micros
    differences: list[str] = []
    for name, wanted in (("quoted_usd", quoted), ("charged_usd", charged if quoted is not None else None)):
        told = usd_to_micros(str(cost[name])) if cost[name] is not None else None
        if told != wanted:
            differences.append(f"{name}: told {told}, should be {wanted} (millionths of a dollar)")
    return differences


def _story_differences(seen: Seen) -> list[str]:
    types = [event["type"] for event in seen.timeline]
    story = [kind for kind in dict.fromkeys(types) if kind in _STORY]  # a refusal in passing may repeat a part
    return [] if tuple(story) == _STORY else [f"the timeline tells {types}"]


def _secrets_told(server: LiveServer, seen: Seen) -> list[str]:
    told = json.dumps([seen.video, seen.timeline])
    return ["a secret of the account is told to the client" for secret in server.secrets if secret in told]
