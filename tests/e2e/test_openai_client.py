"""The official `openai` package, unchanged, against a real server."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from io import BytesIO

import pytest
from openai import NotFoundError, OpenAI
from PIL import Image

from .conftest import Served


@pytest.fixture
def client(server: Served) -> Generator[OpenAI]:
    with warnings.catch_warnings():
        # The SDK marks the whole videos API as deprecated, since OpenAI's own was shut down.
        warnings.simplefilter("ignore", DeprecationWarning)
        with OpenAI(api_key=server.key, base_url=f"{server.url}/v1") as openai:
            yield openai


def create_small(client: OpenAI, **fields: str) -> str:
    video = client.videos.create_and_poll(
        model="animatic-1",
        prompt="a forest in the morning",
        seconds="1",  # type: ignore[arg-type]
        size="320x180",  # type: ignore[arg-type]
        extra_body={"fps": "12"},
        **fields,  # type: ignore[arg-type]
    )
    assert video.status == "completed", video
    assert (video.seconds, video.size, video.progress) == ("1", "320x180", 100)
    return video.id


def test_create_poll_retrieve_download_list_delete(client: OpenAI) -> None:
    ids = [create_small(client) for _ in range(3)]

    video = client.videos.retrieve(ids[0])
    assert video.id == ids[0]
    assert video.completed_at is not None

    mp4 = client.videos.download_content(ids[0]).content
    thumbnail = client.videos.download_content(ids[0], variant="thumbnail").content
    spritesheet = client.videos.download_content(ids[0], variant="spritesheet").content
    assert mp4[4:8] == b"ftyp"
    assert [Image.open(BytesIO(data)).format for data in (thumbnail, spritesheet)] == ["WEBP", "JPEG"]

    listed = [video.id for video in client.videos.list(limit=2)]
    assert sorted(ids) == sorted(set(listed) & set(ids)), "paging walks through everything"
    assert len(listed) == len(set(listed))

    deleted = client.videos.delete(ids[0])
    assert (deleted.id, deleted.deleted, deleted.object) == (ids[0], True, "video.deleted")
    with pytest.raises(NotFoundError) as caught:
        client.videos.retrieve(ids[0])
    assert caught.value.code == "video_not_found"


def test_an_input_reference_file(client: OpenAI) -> None:
    buffer = BytesIO()
    Image.new("RGB", (320, 180), "teal").save(buffer, "PNG")

    video = client.videos.create_and_poll(
        model="animatic-1",
        prompt="waves",
        seconds="1",  # type: ignore[arg-type]
        size="320x180",  # type: ignore[arg-type]
        input_reference=("first.png", buffer.getvalue(), "image/png"),
    )

    assert video.status == "completed", video
