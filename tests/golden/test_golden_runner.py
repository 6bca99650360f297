"""The runner itself: that a golden case which does not hold is told, and that a file out of format is refused."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from golden.exchange import GoldenTransport, Mismatch, StoredImages
from golden.format import BadGoldenFile, Exchange, GivenImage, GivenImages, GoldenFile, read_golden_file
from golden.plays import Play, mismatch_of

pytestmark = pytest.mark.anyio

REQUEST: dict[str, Any] = {
    "method": "POST",
    "url": "https://api-singapore.klingai.com/image-to-video/kling-2.5-turbo",
    "headers": {"authorization": "Bearer test-key-0000000000000000"},
    "json": {
        "contents": [{"type": "prompt", "text": "waves"}, {"type": "first_frame", "url": "$base64:first_frame"}],
        "settings": {"resolution": "720p", "duration": 5},
        "options": {"external_task_id": "att_golden", "watermark_info": {"enabled": False}},
    },
}
SUBMIT: dict[str, Any] = {
    "name": "image to video",
    "submit": {
        "params": {"model": "kling-2.5-turbo", "prompt": "waves"},
        "images": {"first_frame": {"file": "png"}},
    },
    "upstream": [{"request": REQUEST, "reply": {"json": {"code": 0, "data": {"id": "893"}}}}],
    "then": {"task": {"id": "893", "data": {"design": "path", "kind": "image-to-video"}}},
}
POLL: dict[str, Any] = {
    "name": "an unknown word",
    "poll": {"id": "893", "data": {"design": "path"}},
    "upstream": [
        {
            "request": {"method": "GET", "url": "https://api-singapore.klingai.com/tasks?task_ids=893"},
            "reply": {"json": {"code": 0, "data": [{"id": "893", "status": "paused"}]}},
        }
    ],
    "then": {"pending": {"warning_has": "unknown status 'paused'"}},
}


def golden(*cases: dict[str, Any]) -> dict[str, Any]:
    account = {"api_key": "test-key-0000000000000000"}
    return {"origin": "documentation", "source": "here", "account": account, "cases": list(cases)}


def changed(case: dict[str, Any], *path: str | int, to: Any) -> dict[str, Any]:
    case = copy.deepcopy(case)
    holder: Any = case
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = to
    return case


async def told(case: dict[str, Any], work_dir: Path) -> str:
    file = GoldenFile.model_validate_json(json.dumps(golden(case)))
    return await mismatch_of(Play("kling", file, file.cases[0]), work_dir)


@pytest.mark.parametrize("case", [SUBMIT, POLL], ids=["submit", "poll"])
async def test_a_case_that_holds_has_nothing_to_tell(case: dict[str, Any], tmp_path: Path) -> None:
    assert await told(case, tmp_path) == ""


@pytest.mark.parametrize(
    ("case", "lines"),
    [
        (
            changed(SUBMIT, "upstream", 0, "request", "method", to="PUT"),
            ['-  "method": "PUT",', '+  "method": "POST",'],
        ),
        (
            changed(SUBMIT, "upstream", 0, "request", "url", to="https://api-singapore.klingai.com/x?a=1"),
            ['-  "url": "https://api-singapore.klingai.com/x"', '-    "a": ['],
        ),
        (
            changed(SUBMIT, "upstream", 0, "request", "headers", to={"x-other": "1"}),
            ['-    "x-other": "1"', '+    "x-other": null'],
        ),
        (
            changed(SUBMIT, "upstream", 0, "request", "json", "settings", "duration", to="5"),
            ['-      "duration": "5",', '+      "duration": 5,'],
        ),
        (
            changed(SUBMIT, "upstream", 0, "request", "json", "settings", "duration", to=5.0),
            ['-      "duration": 5.0,', '+      "duration": 5,'],
        ),
        (
            changed(SUBMIT, "upstream", 0, "request", "json", "contents", 1, "url", to="$base64:last_frame"),
            ['-        "url": "$base64:last_frame"', '+        "url": "$base64:first_frame"'],
        ),
        (
            changed(SUBMIT, "submit", "images", to={"first_frame": {"file": "png", "url": "https://img.example/a"}}),
            ['+        "url": "https://img.example/a"'],
        ),
        (
            changed(SUBMIT, "upstream", 0, "request", to={**REQUEST, "json": None}),
            ['-  "json": null,'],
        ),
        (
            changed(SUBMIT, "upstream", to=[]),
            ["a call too many: POST https://api-singapore.klingai.com/image-to-video"],
        ),
        (
            changed(SUBMIT, "upstream", to=SUBMIT["upstream"] + POLL["upstream"]),
            ["never called: GET https://api-singapore.klingai.com/tasks?task_ids=893"],
        ),
        (changed(SUBMIT, "then", "task", "id", to="894"), ['-    "id": "894"', '+    "id": "893"']),
        (changed(SUBMIT, "then", "task", "data", to={}), ['+      "design": "path",']),
        (changed(SUBMIT, "then", to={"pending": {}}), ['-  "pending": {}', '+  "task": {']),
        (
            changed(SUBMIT, "upstream", 0, "reply", to={"raises": "ReadTimeout"}),
            ['+    "type": "OutcomeUnknown"', '-  "task": {'],
        ),
        (changed(POLL, "then", to={"pending": {}}), ['+    "warning": "Kling reports the unknown status']),
        (
            changed(POLL, "then", "pending", "warning_has", to="another word"),
            ['-    "warning_has": "another word"', '+    "warning_has": "Kling reports'],
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else "",
)
async def test_what_does_not_hold_is_told_line_by_line(case: dict[str, Any], lines: list[str], tmp_path: Path) -> None:
    message = await told(case, tmp_path)
    assert [line for line in lines if line not in message] == [], message


def without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda file: {name: value for name, value in file.items() if name != key}


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (without("origin")(golden(POLL)), "origin: Field required"),
        (without("source")(golden(POLL)), "source: Field required"),
        (golden(POLL) | {"source": ""}, "source: String should have at least 1 character"),
        (golden(POLL) | {"origin": "memory"}, "origin: Input should be 'documentation' or 'recorded'"),
        (golden(POLL) | {"comment": "x"}, "comment: Extra inputs are not permitted"),
        (golden(), "cases: List should have at least 1 item"),
        (golden(POLL, POLL), "two cases are named 'an unknown word'"),
        (golden(POLL | {"cancel": POLL["poll"]}), "give exactly one of submit, poll"),
        (golden(without("poll")(POLL)), "give exactly one of submit, poll"),
        (golden(without("then")(POLL)), "cases.0.then: Field required"),
        (golden(POLL | {"then": {}}), "give exactly one of pending, succeeded"),
        (golden(POLL | {"then": {"pending": {}, "absent": True}}), "give exactly one of pending, succeeded"),
        (golden(POLL | {"then": {"succeeded": {}}}), "give exactly one of url and file"),
        (golden(POLL | {"then": {"pending": {"percent": 5}}}), "then.pending.percent: Extra inputs"),
        (golden(changed(SUBMIT, "submit", "params", "lenght", to=5)), "lenght: no field of VideoParams"),
        (golden(changed(SUBMIT, "submit", "images", "middle", to={})), "images.middle: Extra inputs"),
        (golden(changed(POLL, "upstream", 0, "reply", to={})), "give exactly one of json, text and raises"),
        (golden(changed(POLL, "upstream", 0, "reply", to={"raises": "KeyError"})), "is no httpx.TransportError"),
        (golden(changed(POLL, "upstream", 0, "reply", to={"raises": "ReadError", "status": 200})), "has no status"),
        (golden(changed(POLL, "upstream", 0, "reply", "status", to="200")), "Input should be a valid integer"),
        (golden(changed(SUBMIT, "upstream", 0, "request", "form", to={})), "json and form exclude each other"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_out_of_format_is_refused(file: dict[str, Any], problem: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    with pytest.raises(BadGoldenFile) as caught:
        read_golden_file(path)
    assert problem in str(caught.value)
    assert "cases.json" in str(caught.value)


@pytest.mark.parametrize(
    ("form", "difference"),
    [
        ({"prompt": "waves", "images": [{"file": "png"}, {"file": "jpeg"}], "note": "$base64:first_frame"}, None),
        ({"prompt": "waves", "images": [{"file": "png"}, {"file": "png"}], "note": "x"}, '+        "file": "jpeg"'),
        ({"prompt": "waves", "images": {"file": "png"}, "note": "x"}, '-    "images": {'),
        ({"prompt": "wave", "images": [], "note": "x"}, '+    "prompt": "waves"'),
    ],
)
async def test_forms_are_compared_field_by_field_and_file_by_file(form: dict[str, Any], difference: str | None) -> None:
    given = GivenImages(first_frame=GivenImage(file="png"), last_frame=GivenImage(file="jpeg"))
    stored = StoredImages(given)
    request = {"method": "POST", "url": "https://api.example/v1/videos", "form": form}
    exchange = Exchange.model_validate({"request": request, "reply": {"json": {}}})
    first, last = await stored.read_input("inputs/first_frame"), await stored.read_input("inputs/last_frame")
    transport = GoldenTransport([exchange], stored)
    async with httpx.AsyncClient(transport=transport) as client:
        sent = client.post(
            "https://api.example/v1/videos",
            data={"prompt": "waves", "note": base64.b64encode(first).decode()},
            files=[("images", ("a.png", first, "image/png")), ("images", ("b.jpg", last, "image/jpeg"))],
        )
        if difference is None:
            assert (await sent).status_code == 200
            transport.check_finished()
            return
        with pytest.raises(Mismatch) as caught:
            await sent
    assert difference in str(caught.value)
    with pytest.raises(Mismatch):  # also where an adapter has swallowed it
        transport.check_finished()
