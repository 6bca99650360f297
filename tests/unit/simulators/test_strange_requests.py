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
from starlette.types import ASGIApp

from filmgate.simulators.gemini import gemini_simulator
from filmgate.simulators.hailuo import hailuo_simulator
from filmgate.simulators.kit import Simulation
from filmgate.simulators.kling import kling_simulator
from filmgate.simulators.openai import openai_simulator
from filmgate.simulators.seedance import seedance_simulator
from filmgate.simulators.veo import veo_simulator
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
SEEDANCE = {
    "/api/v3/contents/generations/tasks": {
        "model": "doubao-seedance-1-5-pro-251215",
        "content": [
            {"type": "text", "text": "a --dur 12"},
            {"type": "image_url", "image_url": {"url": URI}, "role": "first_frame"},
        ],
        "duration": 5,
        "seed": 7,
        "callback_url": "https://us.example/hook",
    }
}
GEMINI = {
    "/v1beta/interactions": {
        "model": "gemini-omni-1.1-flash",
        "input": [{"type": "image", "data": PICTURE, "mime_type": "image/png"}, {"type": "text", "text": "a"}],
        "background": True,
        "response_format": {"type": "video", "delivery": "uri", "resolution": "720p", "duration": "8s"},
    }
}
VEO_MODEL = "/v1/projects/p/locations/us-central1/publishers/google/models/veo-3.1-generate-001"
VEO = {
    f"{VEO_MODEL}:predictLongRunning": {
        "instances": [{"prompt": "a", "image": {"bytesBase64Encoded": PICTURE, "mimeType": "image/png"}}],
        "parameters": {"durationSeconds": 8, "sampleCount": 1, "seed": 7, "storageUri": "gs://b/out"},
    },
    f"{VEO_MODEL}:fetchPredictOperation": {"operationName": "projects/p/operations/1"},
}
OPENAI = {
    "/v1/videos": {
        "model": "sora-2",
        "prompt": "a",
        "seconds": "8",
        "size": "1280x720",
        "input_reference": {"image_url": "https://img.example/a.png"},
    }
}
FILMGATE = {
    "/v1/videos": {
        "model": "kling-3.0",
        "prompt": "a",
        "image": [PICTURE],
        "duration": 5,
        "width": 640,
        "height": 360,
        "n": 2,
        "seed": 7,
        "metadata": {"scene": "7"},
    }
}
SGLANG = {"/v1/videos": {"prompt": "a", "seconds": 5, "n": 2, "num_frames": 81, "input_reference": "https://a.b"}}


def speaking(dialect: str) -> Callable[[Simulation], ASGIApp]:
    return lambda simulation: openai_simulator(simulation, dialect)


VENDORS = {
    "kling": (kling_simulator, "https://api-singapore.klingai.com", KLING),
    "hailuo": (hailuo_simulator, "https://api.minimax.io", HAILUO),
    "wan": (wan_simulator, "https://dashscope.aliyuncs.com", WAN),
    "seedance": (seedance_simulator, "https://ark.cn-beijing.volces.com", SEEDANCE),
    "gemini": (gemini_simulator, "https://generativelanguage.googleapis.com", GEMINI),
    "veo": (veo_simulator, "https://us-central1-aiplatform.googleapis.com", VEO),
    "openai": (speaking("openai"), "https://openai.example", OPENAI),
    "new-api": (speaking("new-api"), "https://newapi.example", OPENAI),
    "litellm": (speaking("litellm"), "https://litellm.example", OPENAI),
    "sglang": (speaking("sglang"), "https://sglang.example", SGLANG),
    "filmgate": (speaking("filmgate"), "https://filmgate.example", FILMGATE),
}

KEYS = {"api_key": "key", "access_token": "key"}
HEADERS = {"x-dashscope-async": "enable", "x-goog-api-key": "key", "content-type": "application/json"}

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
        return (await world.client.post(path, content=content, headers=HEADERS)).status_code

    assert asyncio.run(exchange(build_world(simulator, host, dict(KEYS)))) in (200, 400, 404, 422)


@pytest.mark.parametrize("vendor", VENDORS)
@given(content=st.binary(max_size=20))
@settings(max_examples=30)
def test_any_bytes_are_answered(vendor: str, content: bytes) -> None:
    simulator, host, requests = VENDORS[vendor]

    async def exchange(world: World) -> int:
        return (await world.client.post(next(iter(requests)), content=content, headers=HEADERS)).status_code

    assert asyncio.run(exchange(build_world(simulator, host, dict(KEYS)))) in (200, 400)
