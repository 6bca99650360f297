"""What all simulators share, on a vendor of one route."""

from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from simulated_worlds import START, World, build_world
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from filmgate.simulators.faults import Fault
from filmgate.simulators.kit import (
    Callbacks,
    Refusal,
    Simulation,
    Stage,
    json_answer,
    simulator_app,
    strike,
    strike_created,
    strike_poll,
    strike_submit,
    wrong_types,
)

pytestmark = pytest.mark.anyio

HOST = "https://vendor.example"


def toy_simulator(simulation: Simulation) -> ASGIApp:
    async def create(request: Request) -> Response:
        trouble = strike_submit(simulation, request)
        if trouble is not None:
            return trouble
        strike(simulation, {Fault.RATE_LIMITED: 7})
        task = simulation.create("t1", "toy", {})
        task.data = {"width_px": 64, "height_px": 32, "duration_seconds": 1.5, "audio": True}
        task.callbacks = Callbacks("https://client.example/cb", lambda stage: stage.encode(), signature)
        return strike_created(simulation, request, json_answer({"id": task.id}))

    async def poll(request: Request) -> Response:
        trouble = strike_poll(simulation, request)
        if trouble is not None:
            return trouble
        task = simulation.find(request.path_params["id"])
        if task is None:
            raise Refusal(4, "no such task")
        told = {"stage": simulation.stage(task), "progress": simulation.progress_percent(task)}
        return json_answer({**told, "url": simulation.file_url(request, task), "still": still(request)})

    def still(request: Request) -> str:
        return simulation.file_url(request, simulation.books.tasks["t1"], "last.png")

    def word(_request: Request, refusal: Refusal) -> Response:
        return json_answer({"code": refusal.code, "message": refusal.message}, 418)

    routes = [Route("/videos", create, methods=["POST"]), Route("/videos/{id}", poll, methods=["GET"])]
    return simulator_app(simulation, routes, word)


def signature(payload: bytes) -> dict[str, str]:
    return {"signed": payload.decode()}


def toy(faults: Iterable[Fault] = ()) -> World:
    return build_world(toy_simulator, HOST, {"api_key": "key"}, faults)


async def told(world: World) -> Any:
    return (await world.get("/videos/t1")).json()


async def test_a_task_goes_its_way_by_the_clock() -> None:
    world = toy()
    await world.post("/videos", {})
    seen = []
    for seconds in (0, 2, 5, 4.9, 0.1):
        await world.wait(seconds)
        answer = await told(world)
        seen.append((answer["stage"], answer["progress"]))
    assert seen == [("queued", 0), ("running", 0), ("running", 50), ("running", 99), ("succeeded", 99)]
    assert world.simulation.books.requests[:2] == [("POST", "/videos"), ("GET", "/videos/t1")]


async def test_refusals_are_worded_by_the_simulator() -> None:
    world = toy([Fault.RATE_LIMITED])
    struck, unknown = await world.post("/videos", {}), await world.get("/videos/t2")
    assert (struck.status_code, struck.json()) == (418, {"code": 7, "message": ""})
    assert (unknown.status_code, unknown.json()) == (418, {"code": 4, "message": "no such task"})


async def test_without_words_a_refusal_is_a_fault_of_the_simulator() -> None:
    async def refuse(_request: Request) -> Response:
        raise Refusal(1)

    world = build_world(lambda simulation: simulator_app(simulation, [Route("/", refuse)]), HOST, {"api_key": "key"})
    with pytest.raises(Refusal):
        await world.get("/")


async def test_every_poll_gives_a_new_link_and_each_dies_in_its_time() -> None:
    world = toy()
    await world.post("/videos", {})
    first = (await told(world))["url"]
    await world.wait(1800)
    second = (await told(world))["url"]
    assert first != second
    await world.wait(1800)
    assert (await world.get(first)).text == "clip of 64x32, 1.5 s, with sound"
    await world.wait(1)
    assert ((await world.get(first)).status_code, (await world.get(second)).status_code) == (403, 200)
    assert world.simulation.books.downloads == 3


@pytest.mark.parametrize(
    ("part", "other"),
    [("task=t1", "task=t2"), ("expires=", "expires=9"), ("nonce=", "nonce=0"), ("expires=", "expires=x")],
)
async def test_a_link_that_was_tampered_with(part: str, other: str) -> None:
    world = toy()
    await world.post("/videos", {})
    url = (await told(world))["url"].replace(part, other)
    assert (await world.get(url)).status_code == 404


async def test_a_file_is_gone_when_it_is_cleared_and_when_its_record_is_erased() -> None:
    world = toy()
    await world.post("/videos", {})
    url, task = (await told(world))["url"], world.simulation.books.tasks["t1"]
    task.file_kept_until = START - 1
    assert (await world.get(url)).status_code == 404
    task.file_kept_until = START
    assert (await world.get(url)).status_code == 200
    task.erased = True
    assert (await world.get(url)).status_code == 404
    assert (await world.get("/videos/t1")).status_code == 418


async def test_a_still_beside_the_clip() -> None:
    world = toy()
    await world.post("/videos", {})
    answer = await world.get((await told(world))["still"])
    assert (answer.headers["content-type"], answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")


async def test_a_dead_link_stays_dead() -> None:
    world = toy([Fault.FILE_DEAD])
    await world.post("/videos", {})
    first, second = (await told(world))["url"], (await told(world))["url"]
    assert [(await world.get(url)).status_code for url in (first, first, second)] == [403, 403, 200]


async def test_files_that_are_not_what_they_should_be() -> None:
    world = toy([Fault.FILE_PRIVATE_REDIRECT, Fault.FILE_WRONG_TYPE, Fault.FILE_TRUNCATED, Fault.FILE_SLOW])
    await world.post("/videos", {})
    url = (await told(world))["url"]
    redirect, page, half = [await world.get(url) for _ in range(3)]
    assert (redirect.status_code, redirect.headers["location"][:22]) == (302, "http://169.254.169.254")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (half.status_code, half.text) == (200, "clip of 64x32, 1")
    with pytest.raises(httpx.ReadTimeout):
        await world.get(url)


async def test_hosts_without_a_simulator_cannot_be_reached() -> None:
    with pytest.raises(httpx.ConnectError):
        await toy().get("https://elsewhere.example/")


async def test_connections_that_do_not_come_about_or_break_before_anything_is_created() -> None:
    world = toy([Fault.UNREACHABLE, Fault.RESET_BEFORE])
    with pytest.raises(httpx.ConnectError):
        await world.post("/videos", {})
    assert world.simulation.books.requests == []
    with pytest.raises(httpx.RemoteProtocolError):
        await world.post("/videos", {})
    assert (len(world.simulation.books.requests), world.simulation.books.tasks) == (1, {})


async def test_a_lost_reply_leaves_a_task() -> None:
    world = toy([Fault.LOST_REPLY])
    with pytest.raises(httpx.RemoteProtocolError):
        await world.post("/videos", {})
    assert list(world.simulation.books.tasks) == ["t1"]


async def test_a_reply_that_breaks_off_leaves_a_task() -> None:
    world = toy([Fault.RESET_DURING])
    async with world.client.stream("POST", "/videos", json={}) as answer:
        chunks = []
        with pytest.raises(httpx.ReadError):
            chunks.extend([chunk async for chunk in answer.aiter_bytes()])
    assert answer.status_code == 200
    assert list(world.simulation.books.tasks) == ["t1"]


async def test_pages_of_a_proxy_in_between() -> None:
    world = toy([Fault.SUBMIT_HTML, Fault.POLL_HTML])
    page = await world.post("/videos", {})
    assert (page.status_code, page.headers["content-type"][:9], world.simulation.books.tasks) == (502, "text/html", {})
    await world.post("/videos", {})
    assert (await world.get("/videos/t1")).status_code == 502
    assert (await world.get("/videos/t1")).status_code == 200


async def test_a_poll_that_breaks() -> None:
    world = toy([Fault.POLL_RESET])
    await world.post("/videos", {})
    with pytest.raises(httpx.RemoteProtocolError):
        await world.get("/videos/t1")


async def test_progress_can_go_back_after_the_first_poll() -> None:
    world = toy([Fault.PROGRESS_BACK])
    await world.post("/videos", {})
    await world.wait(7)
    assert [(await told(world))["progress"] for _ in range(3)] == [50, 1, 50]


@pytest.mark.parametrize(
    ("fault", "end", "billed"),
    [
        (None, "succeeded", 1),
        (Fault.MODERATED_LATE, "failed", 0),
        (Fault.FAILED_LATE, "failed", 0),
        (Fault.SUCCESS_WITHOUT_FILE, "succeeded", 0),
        (Fault.STUCK, "running", 0),
    ],
)
async def test_only_a_clip_is_billed(fault: Fault | None, end: str, billed: int) -> None:
    world = toy([fault] if fault else [])
    await world.post("/videos", {})
    assert world.simulation.books.billed(world.time) == 0
    await world.wait(100)
    assert ((await told(world))["stage"], world.simulation.books.billed(world.time)) == (end, billed)


async def test_a_cancelled_task_stays_so_and_an_erased_one_is_still_billed() -> None:
    world = toy()
    await world.post("/videos", {})
    task = world.simulation.books.tasks["t1"]
    task.erased = True
    assert world.simulation.books.billed(START + 100) == 1
    task.cancelled_at = START
    assert (task.stage(START + 100), world.simulation.books.billed(START + 100)) == (Stage.CANCELLED, 0)


async def test_a_change_of_stage_is_called_back_once() -> None:
    world = toy()
    await world.post("/videos", {})
    for seconds in (0, 1, 2, 1, 20, 20):
        await world.wait(seconds)
    assert [heard.body for heard in world.heard] == [b"queued", b"running", b"succeeded"]
    assert {heard.url for heard in world.heard} == {"https://client.example/cb"}
    assert world.heard[0].headers == {"content-type": "application/json", "signed": "queued"}
    assert world.simulation.books.callbacks == 3


async def test_a_stage_of_which_the_vendor_says_nothing() -> None:
    world = toy()
    await world.post("/videos", {})
    callbacks = world.simulation.books.tasks["t1"].callbacks
    assert callbacks is not None
    callbacks.write = lambda stage: None if stage is Stage.QUEUED else b"moved"
    await world.wait(0)
    assert world.heard == []
    await world.wait(3)
    assert [heard.body for heard in world.heard] == [b"moved"]


async def test_nobody_is_called_where_nobody_can_be() -> None:
    world = toy()
    world.simulation.post_callback = None
    await world.post("/videos", {})
    await world.wait(20)
    assert world.simulation.books.callbacks == 0


async def test_a_callback_may_come_twice() -> None:
    world = toy([Fault.CALLBACK_DUPLICATE])
    await world.post("/videos", {})
    await world.wait(3)
    await world.wait(20)
    assert [heard.body for heard in world.heard] == [b"running", b"running", b"succeeded"]
    assert world.heard[0] == world.heard[1]


async def test_the_last_callback_may_come_late() -> None:
    world = toy([Fault.CALLBACK_LATE])
    await world.post("/videos", {})
    seen = []
    for seconds in (3, 20, 59, 1):
        await world.wait(seconds)
        seen.append([heard.body for heard in world.heard])
    assert seen == [[b"running"], [b"running"], [b"running"], [b"running", b"succeeded"]]


async def test_a_forged_callback_comes_while_the_task_runs_and_is_signed_wrong() -> None:
    world = toy([Fault.CALLBACK_FORGED])
    await world.post("/videos", {})
    await world.wait(3)
    lie, truth = world.heard
    assert (lie.body, lie.headers["signed"]) == (b"failed", "another text")
    assert (truth.body, truth.headers["signed"]) == (b"running", "running")


async def test_a_finished_task_is_not_lied_about() -> None:
    world = toy([Fault.CALLBACK_FORGED])
    await world.post("/videos", {})
    await world.wait(20)
    assert [heard.body for heard in world.heard] == [b"succeeded"]


async def test_any_text_can_be_told_again() -> None:
    assert json_answer({"text": "é\ud800"}).body == b'{"text":"\\u00e9\\ud800"}'


def test_wrong_types_all_the_way_down() -> None:
    value = {"id": "893", "name": "a1", "list": [1, 2.5, True, None, {"code": 0}]}
    assert wrong_types(value) == {"id": 893, "name": "a1", "list": ["1", "2.5", True, None, {"code": "0"}]}
