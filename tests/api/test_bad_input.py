"""Bad input: a clear 4xx that names the field, nothing stored, server unharmed."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import pytest

from .conftest import Api

pytestmark = pytest.mark.anyio


async def assert_refused(api: Api, response: Any, status: int, code: str, param: str | None, *words: str) -> None:
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["code"] == code
    assert error["param"] == param
    for word in words:
        assert word in error["message"], error["message"]
    assert await api.stored_videos() == 0
    assert not [key async for key in api.services.files.list_keys()]
    assert (await api.create()).status_code == 200, "the server must go on"


@pytest.mark.parametrize(
    ("fields", "code", "param", "word"),
    [
        ({"duration": "NaN"}, "invalid_parameter", "duration", "NaN"),
        ({"duration": "1e309"}, "invalid_parameter", "duration", "1e309"),
        ({"duration": 0}, "invalid_parameter", "duration", "above 0"),
        ({"duration": -5}, "invalid_parameter", "duration", "above 0"),
        ({"duration": True}, "invalid_parameter", "duration", "True"),
        ({"duration": [5]}, "invalid_parameter", "duration", "[5]"),
        ({"duration": "5s"}, "invalid_parameter", "duration", "5s"),
        ({"duration": 5, "seconds": "6"}, "conflicting_parameters", "duration", "seconds='6'"),
        ({"duration": 5, "metadata": {"duration": 6}}, "conflicting_parameters", "duration", "metadata.duration"),
        ({"width": 640}, "missing_parameter", "height", "width"),
        ({"height": 640}, "missing_parameter", "width", "height"),
        ({"width": 15, "height": 640}, "invalid_parameter", "width", "16"),
        ({"width": 8194, "height": 640}, "invalid_parameter", "width", "8192"),
        ({"width": 641, "height": 360}, "invalid_parameter", "width", "640"),
        ({"width": "wide", "height": 640}, "invalid_parameter", "width", "wide"),
        ({"size": "big"}, "invalid_parameter", "size", "1280x720"),
        ({"size": "1280x720", "width": 640, "height": 360}, "conflicting_parameters", "size", "640"),
        ({"model": "kling-v1", "size": "641x360"}, "invalid_parameter", "width", "640 and 642"),
        ({"fps": 0}, "invalid_parameter", "fps", "120"),
        ({"fps": 121}, "invalid_parameter", "fps", "120"),
        ({"fps": 120.5}, "invalid_parameter", "fps", "120.5"),
        ({"seed": -2}, "invalid_parameter", "seed", "-1"),
        ({"seed": 4294967296}, "invalid_parameter", "seed", "4294967295"),
        ({"seed": 10**400}, "invalid_parameter", "seed", "4294967295"),
        ({"n": 0}, "invalid_parameter", "n", "1"),
        ({"n": 9}, "invalid_parameter", "n", "4"),
        ({"response_format": "gif"}, "invalid_parameter", "response_format", "b64_json"),
        ({"user": "x" * 257}, "invalid_parameter", "user", "256"),
        ({"prompt": None}, "missing_parameter", "prompt", "prompt"),
        ({"prompt": ""}, "missing_parameter", "prompt", "prompt"),
        ({"prompt": 5}, "invalid_parameter", "prompt", "string"),
        ({"prompt": "x" * 1_000_000}, "invalid_parameter", "prompt", "1000000"),
        ({"prompt": "a\x00b"}, "invalid_parameter", "prompt", "NUL"),
        ({"prompt": "a\ud800b"}, "invalid_parameter", "prompt", "surrogate"),
        ({"metadata": "not json"}, "invalid_body", None, "metadata"),
        ({"metadata": [1]}, "invalid_parameter", "metadata", "object"),
        ({"metadata": '"text"'}, "invalid_parameter", "metadata", "object"),
        ({"metadata": {"a": "x" * 20_000}}, "invalid_parameter", "metadata", "16384"),
        ({"metadata": {"a": "\x00"}}, "invalid_parameter", "metadata", "NUL"),
        ({"metadata": {"filmgate": 1}}, "invalid_parameter", "metadata", "filmgate"),
        ({"metadata": {"rehearse": {"fail": "nonsense"}}}, "invalid_parameter", "metadata.rehearse.fail", "cancelled"),
        ({"metadata": {"rehearse": {"wait_seconds": -1}}}, "invalid_parameter", "metadata.rehearse.wait_seconds", "-1"),
        ({"metadata": {"rehearse": {"speed": 1}}}, "invalid_parameter", "metadata.rehearse.speed", "wait_seconds"),
        ({"callback_url": "https://example.org/hook"}, "unsupported_parameter", "callback_url", "webhook"),
        ({"on_mismatch": "guess"}, "invalid_parameter", "on_mismatch", "nearest"),
        ({"conform": "maybe"}, "invalid_parameter", "conform", "native"),
        ({"provider_options": "text"}, "invalid_parameter", "provider_options", "object"),
        ({"colour": "red"}, "unknown_parameter", "colour", "colour"),
        ({"generate_audio": "loud"}, "invalid_parameter", "generate_audio", "true or false"),
        ({"model": "kling-v1", "generate_audio": True}, "unsupported_parameter", "generate_audio", "sound"),
        ({"aspect_ratio": "wide"}, "invalid_parameter", "aspect_ratio", "16:9"),
        ({"image": "not an image"}, "invalid_image", "image", "PNG"),
        ({"image": "ftp://example.org/a.png"}, "invalid_image", "image", "http"),
        ({"image": ""}, "invalid_parameter", "image", "URL"),
        ({"image": {"file_id": "file-1"}}, "unsupported_parameter", "image.file_id", "file"),
        ({"image": "data:image/png;base64,AAAA"}, "invalid_image", "image", "PNG"),
    ],
)
async def test_a_bad_field_is_named(api: Api, fields: dict[str, Any], code: str, param: str | None, word: str) -> None:
    response = await api.create(**fields)

    await assert_refused(api, response, 400, code, param, word)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e309"])
async def test_numbers_that_are_none_in_json(api: Api, value: str) -> None:
    body = f'{{"prompt": "sea", "duration": {value}}}'

    response = await api.client.post(
        "/v1/videos", content=body, headers=api.auth() | {"content-type": "application/json"}
    )

    await assert_refused(api, response, 400, "invalid_parameter", "duration", "above 0")


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("multipart/form-data; boundary=B", b"this is no multipart", 400, "invalid_body"),
        ("multipart/form-data", b"--B\r\n", 400, "invalid_body"),
        (
            "multipart/form-data; boundary=B",
            b'--B\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nsea',
            400,
            None,
        ),
        ("application/json", b"{", 400, "invalid_body"),
        ("application/json", b"[]", 400, "invalid_body"),
        ("application/json", b"", 400, "invalid_body"),
        ("application/json", b"\xff\xfe{", 400, "invalid_body"),
        ("application/json", b'{"metadata": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_001, 400, "invalid_body"),
        ("application/json", b'{"prompt": "sea", "fps": 10, "fps": 20}', 400, "conflicting_parameters"),
        ("application/json", b'{"prompt": "sea", "seed": ' + b"9" * 5000 + b"}", 400, "invalid_body"),
        ("text/plain", b"prompt=sea", 415, "unsupported_media_type"),
        ("", b"prompt=sea", 415, "unsupported_media_type"),
    ],
)
async def test_a_bad_body(api: Api, content_type: str, body: bytes, status: int, code: str | None) -> None:
    headers = api.auth() | ({"content-type": content_type} if content_type else {})

    response = await api.client.post("/v1/videos", content=body, headers=headers)

    assert response.status_code == status, response.text
    assert code is None or response.json()["error"]["code"] == code
    assert await api.stored_videos() == 0


async def test_metadata_as_text_may_not_nest_without_end(api: Api) -> None:
    response = await api.create(metadata='{"a":' * 10_000 + "1" + "}" * 10_000)

    await assert_refused(api, response, 400, "invalid_body", None, "metadata")


async def test_metadata_nested_deeper_than_32(api: Api) -> None:
    nested: dict[str, Any] = {}
    for _ in range(40):
        nested = {"a": nested}

    response = await api.create(metadata=nested)

    await assert_refused(api, response, 400, "invalid_parameter", "metadata", "32")


async def test_form_fields_given_twice_must_agree(api: Api) -> None:
    body = b"prompt=sea&fps=10&fps=20"
    headers = api.auth() | {"content-type": "application/x-www-form-urlencoded"}

    response = await api.client.post("/v1/videos", content=body, headers=headers)

    await assert_refused(api, response, 400, "conflicting_parameters", "fps", "10", "20")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"prompt=%ff%fe"),
        ("application/x-www-form-urlencoded", b"prompt=\xff\xfe"),
        (
            "multipart/form-data; boundary=B",
            b'--B\r\nContent-Disposition: form-data; name="prompt"\r\n\r\n\xff\xfe\r\n--B--\r\n',
        ),
    ],
)
async def test_text_that_is_not_utf_8(api: Api, content_type: str, body: bytes) -> None:
    response = await api.client.post("/v1/videos", content=body, headers=api.auth() | {"content-type": content_type})

    await assert_refused(api, response, 400, "invalid_parameter", "prompt", "UTF-8")


async def test_an_upload_of_100_mb(api: Api) -> None:
    async def body() -> Any:
        yield b'--B\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        for _ in range(100):
            yield bytes(1024 * 1024)
        yield b"\r\n--B--\r\n"

    headers = api.auth() | {"content-type": "multipart/form-data; boundary=B"}

    response = await api.client.post("/v1/videos", content=body(), headers=headers)

    await assert_refused(api, response, 413, "body_too_large", None, "64 MB")


async def test_a_file_of_more_than_20_mb(api: Api) -> None:
    files = {"prompt": (None, "sea"), "image": ("a.png", bytes(21 * 1024 * 1024))}

    response = await api.client.post("/v1/videos", files=files, headers=api.auth())

    await assert_refused(api, response, 400, "invalid_image", "image", "20 MB")


@pytest.mark.parametrize("content", [b"<html>no image</html>", b"", b"\x89PNG\r\n\x1a\nbroken", b"GIF89a"])
async def test_a_file_that_says_png_and_is_not(api: Api, content: bytes) -> None:
    files = {"prompt": (None, "sea"), "image": ("a.png", content, "image/png")}

    response = await api.client.post("/v1/videos", files=files, headers=api.auth())

    await assert_refused(api, response, 400, "invalid_image", "image")


def decompression_bomb() -> bytes:
    """A PNG header that promises 60,000 x 60,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


async def test_a_decompression_bomb(api: Api) -> None:
    uri = "data:image/png;base64," + base64.b64encode(decompression_bomb()).decode()

    response = await api.create(image=uri)

    await assert_refused(api, response, 400, "invalid_image", "image", "megapixel")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.png",
        "http://localhost/a.png",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a.png",
        "http://[::ffff:127.0.0.1]/a.png",
        "http://2130706433/a.png",
        "http://0x7f000001/a.png",
        "http://0177.0.0.1/a.png",
        "http://10.0.0.1/a.png",
        "http://[fd00:ec2::254]/",
    ],
)
async def test_an_image_url_to_a_private_address(api: Api, url: str) -> None:
    response = await api.create(image=url)

    await assert_refused(api, response, 400, "image_fetch_failed", "image")


@pytest.mark.parametrize("video_id", ["..%2F..%2Fetc%2Fpasswd", "video_x", "video_" + "0" * 26, "%00", "a" * 5000])
async def test_an_id_that_cannot_be(api: Api, video_id: str) -> None:
    for path in (f"/v1/videos/{video_id}", f"/v1/videos/{video_id}/content", f"/v1/videos/{video_id}/timeline"):
        response = await api.get(path)

        assert response.status_code == 404, response.text
        assert response.json()["error"]["code"] in ("video_not_found", "route_not_found")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "route_not_found"),
        ("PUT", "/v1/videos", 405, "method_not_allowed"),
        ("GET", "/v1/videos?limit=0", 400, "invalid_parameter"),
        ("GET", "/v1/videos?limit=101", 400, "invalid_parameter"),
        ("GET", "/v1/videos?order=up", 400, "invalid_parameter"),
        ("GET", "/v1/videos?status=done", 400, "invalid_parameter"),
        ("GET", "/v1/videos?after=x", 400, "invalid_parameter"),
        ("GET", "/v1/models/klingg-v1", 404, "model_not_found"),
    ],
)
async def test_the_frameworks_own_errors_wear_the_envelope(
    api: Api, method: str, path: str, status: int, code: str
) -> None:
    response = await api.client.request(method, path, headers=api.auth())

    assert response.status_code == status
    assert response.json()["error"]["code"] == code
    assert response.headers["x-request-id"]


async def test_an_unknown_model_lists_near_names(api: Api) -> None:
    response = await api.create(model="kling-v3x")

    await assert_refused(api, response, 404, "model_not_found", "model", "kling-")
