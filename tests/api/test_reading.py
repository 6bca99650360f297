"""Get, list, cancel, delete, timeline, models, health."""

from __future__ import annotations

import pytest

from filmgate.core.errors import ServiceUnavailable

from .conftest import Api

pytestmark = pytest.mark.anyio


async def test_a_weak_etag_saves_the_body(api: Api) -> None:
    path = f"/v1/videos/{(await api.create()).json()['id']}"
    first = await api.get(path)

    again = await api.get(path, headers={"if-none-match": first.headers["etag"]})

    assert first.headers["etag"].startswith('W/"')
    assert again.status_code == 304
    assert again.content == b""


async def test_pages_walk_through_everything_once(api: Api) -> None:
    made = [(await api.create(seed=number)).json()["id"] for number in range(5)]

    for order, expected in (("desc", made[::-1]), ("asc", made)):
        seen: list[str] = []
        after = ""
        while True:
            page = (await api.get(f"/v1/videos?limit=2&order={order}{after}")).json()
            assert set(page) == {"object", "data", "first_id", "last_id", "has_more"}
            seen += [video["id"] for video in page["data"]]
            assert (page["first_id"], page["last_id"]) == (page["data"][0]["id"], page["data"][-1]["id"])
            if not page["has_more"]:
                break
            after = f"&after={page['last_id']}"
        # Two made in the same millisecond may stand either way round.
        assert sorted(seen) == sorted(expected)
        assert seen == sorted(seen, reverse=order == "desc")


async def test_an_empty_page_is_whole(api: Api) -> None:
    page = (await api.get("/v1/videos")).json()

    assert page == {"object": "list", "data": [], "first_id": None, "last_id": None, "has_more": False}


async def test_filters(api: Api) -> None:
    await api.create(user="ann")
    bob = (await api.create(user="bob", model="kling-v1")).json()["id"]

    for query in ("user=bob", "model=kling-v1", "model=kling-v1&user=bob&status=queued"):
        listed = (await api.get(f"/v1/videos?{query}")).json()["data"]
        assert [video["id"] for video in listed] == [bob]
    assert (await api.get("/v1/videos?status=completed")).json()["data"] == []


async def test_a_waiting_video_is_cancelled_at_once(api: Api) -> None:
    video_id = (await api.create(n=2)).json()["id"]

    cancelled = await api.client.post(f"/v1/videos/{video_id}/cancel", headers=api.auth())

    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "failed"
    assert cancelled.json()["error"]["code"] == "cancelled"
    again = await api.client.post(f"/v1/videos/{video_id}/cancel", headers=api.auth())
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "already_finished"


async def test_a_deleted_video_is_gone(api: Api, png: bytes) -> None:
    files = {"prompt": (None, "sea"), "image": ("a.png", png)}
    video_id = (await api.client.post("/v1/videos", files=files, headers=api.auth())).json()["id"]

    response = await api.client.delete(f"/v1/videos/{video_id}", headers=api.auth())

    assert response.json() == {"id": video_id, "object": "video.deleted", "deleted": True}
    assert (await api.get(f"/v1/videos/{video_id}")).status_code == 404
    assert await api.stored_videos() == 0
    assert not [key async for key in api.services.files.list_keys()]


async def test_content_before_the_end_is_a_409_with_retry_after(api: Api) -> None:
    video_id = (await api.create()).json()["id"]

    response = await api.get(f"/v1/videos/{video_id}/content")

    assert response.status_code == 409
    assert response.json()["error"]["code"] == "video_not_ready"
    assert int(response.headers["retry-after"]) > 0


async def test_the_timeline_tells_what_happened(api: Api) -> None:
    video_id = (await api.create()).json()["id"]
    await api.client.post(f"/v1/videos/{video_id}/cancel", headers=api.auth())

    events = (await api.get(f"/v1/videos/{video_id}/timeline")).json()["data"]

    assert [event["type"] for event in events] == [
        "video.queued",
        "video.cancel_requested",
        "output.failed",
        "video.failed",
    ]
    assert [event["sequence"] for event in events] == sorted(event["sequence"] for event in events)


async def test_the_queue_position_counts_those_before(api: Api) -> None:
    positions = [(await api.create()).json()["metadata"]["filmgate"]["queue_position"] for _ in range(3)]

    # Answered from a snapshot of the last second: never more than those really before it.
    assert positions[0] == 0
    assert all(position <= place for place, position in enumerate(positions))


async def test_models_say_what_they_can_do_and_whether_they_are_available(api: Api) -> None:
    live = await api.key("live")

    rehearsed = {model["id"]: model["filmgate"] for model in (await api.get("/v1/models")).json()["data"]}
    for_real = {model["id"]: model["filmgate"] for model in (await api.get("/v1/models", key=live)).json()["data"]}

    assert rehearsed["kling-v1"]["available"]
    assert not for_real["kling-v1"]["available"]
    assert "retired" in for_real["kling-v1"]["unavailable_reason"]
    assert for_real["animatic-1"]["available"]
    one = (await api.get("/v1/models/kling-3.0")).json()
    assert one["object"] == "model"
    assert one["filmgate"]["price"]["source"]


async def test_health_readiness_and_docs_need_no_key(api: Api) -> None:
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json", "/llms.txt"):
        response = await api.client.get(path)
        assert response.status_code == 200, path
    assert "POST" in (await api.client.get("/llms.txt")).text
    assert "/v1/videos" in (await api.client.get("/openapi.json")).json()["paths"]


async def test_a_request_id_is_kept_if_it_is_harmless(api: Api) -> None:
    kept = await api.client.get("/healthz", headers={"x-request-id": "trace-17"})
    replaced = await api.client.get("/healthz", headers={"x-request-id": "bad id\twith spaces"})

    assert kept.headers["x-request-id"] == "trace-17"
    assert replaced.headers["x-request-id"].startswith("req_")


async def test_an_error_of_our_own_tells_nothing_but_its_id(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("filmgate.api.videos.video_object", fail)

    response = await api.create()

    assert response.status_code == 500
    assert response.json()["error"]["code"] == "internal_error"
    assert "secret" not in response.text
    assert response.headers["x-request-id"].startswith("req_")


async def test_a_database_that_does_not_answer_is_told_by_readiness_only(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise ServiceUnavailable("The database cannot answer now", code="database_unavailable")

    monkeypatch.setattr("filmgate.store.instance.ping", away)

    ready, alive = await api.client.get("/readyz"), await api.client.get("/healthz")

    assert ready.status_code == 503
    assert ready.json() == {"status": "unavailable", "problems": {"database": "The database cannot answer now"}}
    assert alive.status_code == 200
