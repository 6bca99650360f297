"""All simulators under one address, in this process; tests/e2e has them behind a real socket."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from filmgate.simulators.faults import Fault
from filmgate.simulators.server import (
    FaultError,
    Simulator,
    account_of,
    open_simulators,
    plan_faults,
    simulator_server,
)
from filmgate.simulators.vendors import VENDORS

pytestmark = pytest.mark.anyio

URL = "http://127.0.0.1:2425"
NOW = 1_795_000_000.0
PROMPT = {"model": "sora-2", "prompt": "a paper boat"}
# How each vendor is asked for a clip, and for a task that it does not have.
CREATES: dict[str, tuple[str, Any]] = {
    "kling": ("/text-to-video/kling-3.0", {"prompt": "a paper boat"}),
    "hailuo": ("/v1/video_generation", {"model": "MiniMax-Hailuo-02", "prompt": "a boat", "duration": 6}),
    "wan": (
        "/api/v1/services/aigc/video-generation/video-synthesis",
        {"model": "wan2.6-t2v", "input": {"prompt": "a paper boat"}},
    ),
    "seedance": (
        "/contents/generations/tasks",
        {"model": "doubao-seedance-1-5-pro-251215", "content": [{"type": "text", "text": "a paper boat"}]},
    ),
    "gemini": (
        "/v1beta/interactions",
        {
            "model": "gemini-omni-1.1-flash", "input": "a boat", "background": True,
            "response_format": {"type": "video", "delivery": "uri"},
        },
    ),
    "veo": (
        "/v1/projects/simulated/locations/us-central1/publishers/google/models/veo-3.1-generate-001:predictLongRunning",
        {"instances": [{"prompt": "a boat"}], "parameters": {"storageUri": "gs://b/out"}},
    ),
    "azure": ("/openai/v1/videos", PROMPT),
    **dict.fromkeys(("openai", "vllm-omni", "sglang", "new-api", "litellm", "filmgate"), ("/v1/videos", PROMPT)),
}  # fmt: skip


class Clock:
    time = NOW

    def __call__(self) -> float:
        return self.time


async def no_clip(width_px: int, height_px: int, seconds: float, audio: bool) -> bytes:
    return b"clip"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulators(clock: Clock) -> list[Simulator]:
    return open_simulators(VENDORS, now=clock, clip=no_clip)


@pytest.fixture
async def client(simulators: list[Simulator]) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(simulator_server(simulators))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


def key_headers(account: dict[str, str]) -> dict[str, str]:
    key = account.get("api_key", account.get("access_token", ""))
    return {"authorization": f"Bearer {key}", "x-goog-api-key": key, "x-dashscope-async": "enable"}


async def create(client: httpx.AsyncClient, name: str) -> httpx.Response:
    account = account_of(VENDORS[name], URL)
    path, body = CREATES[name]
    sent = {"files": {key: (None, text) for key, text in body.items()}} if name == "vllm-omni" else {"json": body}
    return await client.post(account["base_url"] + path, headers=key_headers(account), **sent)


async def test_every_vendor_is_reached_by_its_account(client: httpx.AsyncClient) -> None:
    for name in VENDORS:
        reply = await create(client, name)
        assert reply.status_code == 200, (name, reply.text)
    told = (await client.get("/_simulators")).json()["simulators"]
    assert {one["vendor"]: one["books"]["submissions"] for one in told} == dict.fromkeys(VENDORS, 1)
    assert all(one["books"]["stages"] == {"queued": 1} for one in told)
    assert [one["account"] for one in told] == [account_of(vendor, URL) for vendor in VENDORS.values()]


async def test_no_vendor_takes_another_key(client: httpx.AsyncClient) -> None:
    for name in VENDORS.keys() - {"vllm-omni", "sglang"}:
        path, body = CREATES[name]
        reply = await client.post(account_of(VENDORS[name], URL)["base_url"] + path, json=body)
        assert reply.status_code in (400, 401) or reply.json()["base_resp"]["status_code"] == 1004, name


async def test_links_lead_back_through_the_vendors_own_path(client: httpx.AsyncClient, clock: Clock) -> None:
    seedance, new_api = (account_of(VENDORS[name], URL) for name in ("seedance", "new-api"))
    task_id = (await create(client, "seedance")).json()["id"]
    video_id = (await create(client, "new-api")).json()["id"]
    clock.time += 3600
    task_url = f"{seedance['base_url']}/contents/generations/tasks/{task_id}"
    link = (await client.get(task_url, headers=key_headers(seedance))).json()["content"]["video_url"]
    assert link.startswith(f"{URL}/seedance/files/")
    assert (await client.get(link)).content == b"clip"
    video_url = f"{new_api['base_url']}/v1/videos/{video_id}"
    link = (await client.get(video_url, headers=key_headers(new_api))).json()["metadata"]["url"]
    assert link == f"{URL}/openai/new-api/v1/videos/{video_id}/content"
    assert (await client.get(link, headers=key_headers(new_api))).content == b"clip"
    told = {one["vendor"]: one["books"] for one in (await client.get("/_simulators")).json()["simulators"]}
    assert (told["seedance"]["billed"], told["seedance"]["polls"], told["seedance"]["downloads"]) == (1, 1, 1)


async def test_faults_are_planned_for_one_vendor_or_for_all_and_taken_back(client: httpx.AsyncClient) -> None:
    async def post(vendor: str | None, *faults: str) -> httpx.Response:
        return await client.post("/_simulators/faults", json={"vendor": vendor, "faults": faults})

    assert (await post("kling", "rate_limited:2", "poll_500:20%")).json() == {
        "planned": {
            "kling": [
                {"fault": "rate_limited", "times": 2, "probability": 1.0},
                {"fault": "poll_500", "times": None, "probability": 0.2},
            ]
        }
    }
    assert (await create(client, "kling")).status_code == 429
    planned = (await post(None, "out_of_balance:always")).json()["planned"]
    assert (len(planned["kling"]), len(planned["seedance"]), planned["sglang"]) == (3, 1, [])
    assert (await create(client, "seedance")).status_code == 403
    assert (await client.delete("/_simulators/faults")).json() == {"planned": {}}
    assert (await create(client, "kling")).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"vendor": "luma", "faults": ["poll_500"]}, 404, "'luma' is none of kling"),
        ({"vendor": "kling", "faults": ["nonsense"]}, 400, "is no fault"),
        ({"vendor": "kling", "faults": ["poll_500:0"]}, 400, "after the colon"),
        ({"vendor": "kling", "faults": ["progress_back"]}, 400, "kling cannot show this fault"),
        ({"faults": ["unreachable"]}, 400, "stop it instead"),
        ({"faults": "poll_500"}, 400, "the body must be"),
        ([], 400, "the body must be"),
    ],
)
async def test_faults_that_cannot_be_planned(client: httpx.AsyncClient, body: Any, status: int, told: str) -> None:
    reply = await client.post("/_simulators/faults", json=body)
    assert (reply.status_code, told in reply.json()["error"]["message"]) == (status, True)


async def test_one_fault_that_is_wrong_plans_none(simulators: list[Simulator]) -> None:
    with pytest.raises(FaultError):
        plan_faults(simulators, ["poll_500", "nonsense"])
    assert all(simulator.simulation.faults.rules == [] for simulator in simulators)


async def test_a_rule_is_spent_by_each_vendor_for_itself(simulators: list[Simulator]) -> None:
    plan_faults(simulators, ["lost_reply"])
    assert simulators[0].simulation.strikes(Fault.LOST_REPLY)
    assert simulators[1].simulation.strikes(Fault.LOST_REPLY)
    assert not simulators[0].simulation.strikes(Fault.LOST_REPLY)


async def test_speed_divides_what_tasks_take(clock: Clock) -> None:
    [slow], [fast] = (open_simulators(["kling"], now=clock, speed=speed) for speed in (1, 10))
    assert fast.simulation.run_seconds == slow.simulation.run_seconds / 10
    assert fast.simulation.queued_seconds == slow.simulation.queued_seconds / 10
    assert fast.simulation.link_seconds == slow.simulation.link_seconds
