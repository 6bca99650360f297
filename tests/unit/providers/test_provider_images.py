"""Input images on their way to an upstream, in each of the forms that upstreams take."""

from __future__ import annotations

import base64

import pytest

from filmgate.core.errors import Charged, ErrorClass, StorageError, UpstreamRefused
from filmgate.core.request import Images, InputImage
from filmgate.providers.images import SentImages, load_images

pytestmark = pytest.mark.anyio

STORED = {"inputs/first": b"\x89PNG first", "inputs/last": b"\xff\xd8 last", "inputs/one": b"one", "inputs/two": b"two"}


async def read_input(key: str) -> bytes:
    return STORED[key]


def image(name: str, media_type: str = "image/png", url: str | None = None) -> InputImage:
    key = f"inputs/{name}"
    return InputImage(key, media_type, 512, 512, len(STORED[key]), "0" * 64, source_url=url)


async def test_no_images_are_none() -> None:
    assert await load_images(Images(), read_input) == SentImages()


async def test_every_image_keeps_its_role_and_its_place() -> None:
    sent = await load_images(Images(image("first"), image("last"), (image("one"), image("two"))), read_input)
    assert sent.first_frame is not None
    assert sent.last_frame is not None
    assert sent.first_frame.content == STORED["inputs/first"]
    assert sent.last_frame.content == STORED["inputs/last"]
    assert [each.content for each in sent.references] == [b"one", b"two"]


async def test_bytes_become_base64_and_a_data_uri_of_their_own_type() -> None:
    sent = (await load_images(Images(image("last", "image/jpeg")), read_input)).first_frame
    assert sent is not None
    assert base64.b64decode(sent.base64) == STORED["inputs/last"]
    assert sent.data_uri == f"data:image/jpeg;base64,{sent.base64}"
    assert sent.url is None
    assert (sent.link_or_data_uri, sent.link_or_base64) == (sent.data_uri, sent.base64)


async def test_a_link_goes_before_the_bytes() -> None:
    sent = (await load_images(Images(image("one", url="https://img.example/1.png")), read_input)).first_frame
    assert sent is not None
    assert sent.link_or_data_uri == sent.link_or_base64 == sent.url == "https://img.example/1.png"
    assert sent.content == b"one"


@pytest.mark.parametrize("retryable", [True, False])
@pytest.mark.parametrize("role", ["first_frame", "last_frame", "references"])
async def test_a_store_that_does_not_give_them_refuses_before_anything_is_sent(role: str, retryable: bool) -> None:
    async def away(key: str) -> bytes:
        raise StorageError("the bucket is away", retryable=retryable)

    images = Images(references=(image("one"),)) if role == "references" else Images(**{role: image("one")})
    with pytest.raises(UpstreamRefused, match=r"could not be read from the file store: the bucket is away") as caught:
        await load_images(images, away)
    assert (caught.value.retryable, caught.value.charged) == (retryable, Charged.NO)
    assert caught.value.error_class is ErrorClass.TRANSIENT
