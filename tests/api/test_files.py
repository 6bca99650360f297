"""The files of finished videos: kept, expired, deleted. Finished by hand, since nothing renders here."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from filmgate.store.schema import assets, outputs, videos

from .conftest import Api

pytestmark = pytest.mark.anyio

CONTENT = b"not really a clip, but whole"


async def finished(api: Api, *, expires_at: float | None) -> str:
    """A completed video with one stored file."""
    video_id = (await api.create()).json()["id"]
    key = f"videos/{video_id}/0/video.mp4"
    await api.services.files.put_bytes(key, CONTENT)
    facts = {"size_bytes": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest(), "created_at": 0.0}
    asset = {"video_id": video_id, "idx": 0, "variant": "video", "key": key, "media_type": "video/mp4"} | facts

    def finish(tx: object) -> None:
        conn = tx.conn  # type: ignore[attr-defined]
        conn.execute(sa.insert(assets).values(asset))
        conn.execute(sa.update(outputs).values(phase="done", finished_at=2.0))
        conn.execute(sa.update(videos).values(status="completed", completed_at=2.0, expires_at=expires_at))

    await api.services.database.write(finish)
    return video_id


async def test_a_file_without_expiry_is_kept_and_its_link_never_ends(api: Api) -> None:
    video_id = await finished(api, expires_at=None)

    video = (await api.get(f"/v1/videos/{video_id}")).json()

    assert video["expires_at"] is None
    assert (await api.get(f"/v1/videos/{video_id}/content")).content == CONTENT
    assert (await api.client.get(video["metadata"]["url"])).content == CONTENT


async def test_an_expired_file_is_gone_and_then_deleted(api: Api) -> None:
    video_id = await finished(api, expires_at=3.0)
    link = (await api.get(f"/v1/videos/{video_id}")).json()["metadata"]["url"]

    for response in (await api.get(f"/v1/videos/{video_id}/content"), await api.client.get(link)):
        assert response.status_code == 410
        assert response.json()["error"]["code"] == "content_expired"
    await api.services.housekeeper.sweep()

    assert not [key async for key in api.services.files.list_keys()]
    video = (await api.get(f"/v1/videos/{video_id}")).json()
    assert video["status"] == "completed", "the record stays"
    assert "url" not in video["metadata"]
    assert (await api.get(f"/v1/videos/{video_id}/content")).status_code == 410


async def test_a_file_that_vanished_is_told_as_such(api: Api) -> None:
    video_id = await finished(api, expires_at=None)
    await api.services.files.delete(f"videos/{video_id}/0/video.mp4")

    response = await api.get(f"/v1/videos/{video_id}/content")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "content_missing"


async def test_links_name_the_address_that_was_asked(api: Api) -> None:
    video_id = await finished(api, expires_at=None)

    video = (await api.get(f"/v1/videos/{video_id}", headers={"host": "films.example:8443"})).json()

    assert video["metadata"]["url"].startswith("http://films.example:8443/v1/videos/")
