"""Whatever a client sends: a simulator answers in its vendor's words, and never breaks."""

import asyncio
import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_worlds import World, build_world, image

from filmgate.simulators.hailuo import hailuo_simulator
from filmgate.simulators.kling import kling_simulator
from filmgate.simulators.wan import wan_simulator

PICTURE = image()
URI = f"data:image/png;base64,{PICTURE}"
FRAMES = [{"type": "prompt", "text": "a"}, *({"type": kind, "url": PICTURE} for kind in ("first_frame", "last_frame"))]
KLING = {
    "/text-to-video/kling-3.0": {"prompt": "a", "settings": {"duration": 5, "multi_shot": True}, "options": {}},
    "/image-to-video/kling-3.0": {"contents": FRAMES, "options": {"watermark_info": {"enabled": True}}},
    "/motion-control/kling-2.6": {"contents": FRAMES[:1], "settings": {"character_orientation": "image"}},
    "/v1/videos/text2video": {"model_name": "kling-v3", "prompt": "a", "cfg_scale": 0.5, "external_task_id": "x"},
    "/v1/videos/omni-video": {
        "prompt": "a",
        "image_list": [{"image_url": PICTURE, "type": "first_frame"}],
        "video_list": [{"video_url": "https://ex.org/a.mp4", "refer_type": "feature"}],
        "multi_prompt": [{"index": 1, "prompt": "a", "duration": "5"}],
    },
    "/tasks": {"limit": 5, "cursor": "0", "start_time": 1, "filters": [{"key": "status", "values": ["failed"]}]},
}
HAILUO = {
    "/v1/video_generation": {"model": "MiniMax-Hailuo-02", "prompt": "a", "first_frame_image": URI, "duration": 6},
    "/v2/video_generation": {
        "model": "MiniMax-H3",
        "content": [
            {"type": "text", "text": "a"},
            {"type": "image_url", "image_url": {"url": URI}, "role": "reference_image"},
        ],
        "resolution": "768P",
        "duration": 5,
    },
    "/v1/files/delete": {"file_id": 1, "purpose": "video_generation"},
}
WAN_PATH = "/api/v1/services/aigc/{}/video-synthesis"
WAN = {
    WAN_PATH.format("video-generation"): {
        "model": "wan3.0-video",
        "input": {
            "prompt": "a",
            "media": [{"type": "first_frame", "url": URI}, {"type": "link", "url": "https://a.b"}],
        },
        "parameters": {"resolution": "720P", "duration": 5, "seed": 7, "audio": True},
    },
    WAN_PATH.format("image2video"): {
        "model": "wan2.2-kf2v-flash",
        "input": {"first_frame_url": URI, "last_frame_url": URI, "reference_urls": [URI]},
        "parameters": {"prompt_extend": True},
    },
}
VENDORS = {
    "kling": (kling_simulator, "https://api-singapore.klingai.com", KLING),
    "hailuo": (hailuo_simulator, "https://api.minimax.io", HAILUO),
    "wan": (wan_simulator, "https://dashscope.aliyuncs.com", WAN),
}

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["", PICTURE])
anything = st.recursive(
    scalars | st.text(st.characters(categories=["Cs"]), max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


@st.composite
def altered(draw: Callable[[Any], Any], requests: dict[str, Any]) -> tuple[str, Any]:
    """A request that was right, with another value at one of its places, or with one field more."""
    path = draw(st.sampled_from(sorted(requests)))
    holder = {"body": copy.deepcopy(requests[path])}
    *way, last = draw(st.sampled_from([("body", *place) for place in places(requests[path])]))
    target: Any = holder
    for key in way:
        target = target[key]
    target[last] = draw(anything)
    if isinstance(holder["body"], dict) and draw(st.booleans()):
        holder["body"][draw(st.text(max_size=5))] = draw(anything)
    return path, holder["body"]


@pytest.mark.parametrize("vendor", VENDORS)
@settings(max_examples=80)
@given(data=st.data())
def test_any_request_is_answered(vendor: str, data: st.DataObject) -> None:
    simulator, host, requests = VENDORS[vendor]
    path, body = data.draw(altered(requests))

    async def exchange(world: World) -> int:
        content = json.dumps(body).encode()  # also what httpx would not send: NaN, and halves of characters
        return (await world.client.post(path, content=content, headers={"x-dashscope-async": "enable"})).status_code

    assert asyncio.run(exchange(build_world(simulator, host, {"api_key": "key"}))) in (200, 400, 404)


@pytest.mark.parametrize("vendor", VENDORS)
@given(content=st.binary(max_size=20))
@settings(max_examples=30)
def test_any_bytes_are_answered(vendor: str, content: bytes) -> None:
    simulator, host, requests = VENDORS[vendor]

    async def exchange(world: World) -> int:
        return (await world.client.post(next(iter(requests)), content=content)).status_code

    assert asyncio.run(exchange(build_world(simulator, host, {"api_key": "key"}))) in (200, 400)
