from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from typing import Any

import google.auth.exceptions
import google.auth.transport
import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2 import service_account
from simulated_worlds import START, World, build_world, image, seen

from filmgate.simulators.faults import Fault
from filmgate.simulators.google import SCOPE
from filmgate.simulators.veo import FAULTS, veo_simulator

pytestmark = pytest.mark.anyio

BASE = "https://us-central1-aiplatform.googleapis.com"
PARENT = "projects/p1/locations/us-central1/publishers/google/models/veo-3.1-fast-generate-001"
SUBMIT = f"/v1/{PARENT}:predictLongRunning"
FETCH = f"/v1/{PARENT}:fetchPredictOperation"
KEYS = {"access_token": "ya29.test", "api_key": "ya29.test", "project": "p1"}
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
WHOLE_RUN = 20.0


def world(faults: Iterable[Fault] = (), *, times: int | None = 1, **keys: str) -> World:
    return build_world(veo_simulator, BASE, KEYS | keys, faults, times=times)


def body(instance: dict[str, Any] | None = None, **parameters: Any) -> dict[str, Any]:
    return {"instances": [instance or {"prompt": "a fox in snow"}], "parameters": parameters}


def still(**changes: Any) -> dict[str, Any]:
    return {"bytesBase64Encoded": image(), "mimeType": "image/png"} | changes


def documented() -> dict[str, Any]:
    """The example of the documents."""
    return body(
        {"prompt": "a fox in snow", "image": still()},
        durationSeconds=8, aspectRatio="16:9", resolution="720p", sampleCount=1, generateAudio=True,
        storageUri="gs://b/out/vid_01H/",
    )  # fmt: skip


async def created(at: World, sent: dict[str, Any]) -> str:
    reply = await at.post(SUBMIT, sent)
    assert reply.status_code == 200, reply.text
    return reply.json()["name"]


async def operation(at: World, name: str) -> Any:
    return (await at.post(FETCH, {"operationName": name})).json()


async def test_the_documents_example_ends_in_the_bucket() -> None:
    at = world()
    name = await created(at, documented())
    assert name.startswith(f"{PARENT}/operations/")
    assert await operation(at, name) == {"name": name}
    assert (await at.get("/storage/v1/b/b/o?prefix=out/vid_01H/")).json() == {"kind": "storage#objects"}
    await at.wait(WHOLE_RUN)
    done = await operation(at, name)
    [video] = done["response"]["videos"]
    assert done == {
        "name": name,
        "done": True,
        "response": {
            "@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse",
            "raiMediaFilteredCount": 0,
            "videos": [{"gcsUri": video["gcsUri"], "mimeType": "video/mp4"}],
        },
    }
    place = video["gcsUri"].removeprefix("gs://b/")
    assert place.startswith("out/vid_01H/")
    assert place.endswith("/sample_0.mp4")
    [item] = (await at.get("/storage/v1/b/b/o?prefix=out/vid_01H/")).json()["items"]
    assert (item["name"], item["bucket"], item["contentType"]) == (place, "b", "video/mp4")
    escaped = place.replace("/", "%2F")
    for path in (
        f"/b/{place}",
        f"/download/storage/v1/b/b/o/{escaped}?alt=media",
        f"/storage/v1/b/b/o/{escaped}?alt=media",
    ):
        assert (await at.get(path)).text == "clip of 1280x720, 8 s, with sound"
    assert (await at.get(f"/storage/v1/b/b/o/{escaped}")).json() == item
    assert (await at.get(item["mediaLink"])).status_code == 200
    assert (await at.get(f"/other/{place}")).status_code == 404
    assert at.simulation.books.downloads == 5


async def test_without_a_bucket_the_clips_come_inline() -> None:
    at = world()
    name = await created(at, body(sampleCount=2, aspectRatio="9:16", resolution="1080p", generateAudio=False))
    await at.wait(WHOLE_RUN)
    videos = (await operation(at, name))["response"]["videos"]
    assert [set(video) for video in videos] == [{"bytesBase64Encoded", "mimeType"}] * 2
    assert base64.b64decode(videos[0]["bytesBase64Encoded"]) == b"clip of 1080x1920, 8 s, without sound"


async def test_a_list_comes_in_pages() -> None:
    at = world()
    await created(at, body(sampleCount=3, storageUri="gs://b/out"))
    await at.wait(WHOLE_RUN)
    first = (await at.get("/storage/v1/b/b/o?maxResults=2")).json()
    rest = (await at.get(f"/storage/v1/b/b/o?maxResults=2&pageToken={first['nextPageToken']}")).json()
    assert [len(page["items"]) for page in (first, rest)] == [2, 1]
    assert "nextPageToken" not in rest
    assert (await at.get("/storage/v1/b/b/o?maxResults=none")).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"parameters": {}}, "instances"),
        (body({"image": still()} | {"promt": "a fox"}), "promt"),
        (body({"negativePrompt": "rain"}), "prompt is required"),
        (body({"prompt": "a fox", "lastFrame": still()}), "lastFrame"),
        (body({"prompt": "a fox", "image": still(), "referenceImages": []} | {"video": {}}), "extended"),
        (body({"prompt": "a", "image": still(bytesBase64Encoded=f"data:image/png;base64,{image()}")}), "prefix"),
        (body({"prompt": "a fox", "image": still(gcsUri="gs://b/a.png")}), "not both"),
        (body({"prompt": "a fox", "image": {"gcsUri": "https://img.example/a.png", "mimeType": "image/png"}}), "gs://"),
        (body({"prompt": "a fox", "image": {"bytesBase64Encoded": image(), "mimeType": "image/gif"}}), "mimeType"),
        (
            body({"prompt": "a", "image": still(), "referenceImages": [{"image": still(), "referenceType": "asset"}]}),
            "referenceImages",
        ),
        (
            body({"prompt": "a", "referenceImages": [{"image": still(), "referenceType": "asset"}]}, durationSeconds=4),
            "must be 8",
        ),
        (body({"prompt": "a", "referenceImages": [{"image": still(), "referenceType": "style"}]}), "referenceType"),
        (body(durationSeconds="8"), "durationSeconds"),
        (body(durationSeconds=5), "4, 6, 8"),
        (body(aspectRatio="1:1"), "aspectRatio"),
        (body(resolution="480p"), "resolution"),
        (body(sampleCount=5), "sampleCount"),
        (body(seed=-1), "seed"),
        (body(storageUri="s3://b/out"), "gs://"),
        (body(personGeneration="all"), "personGeneration"),
        (body(fps=24), "parameters.fps"),
    ],
)
async def test_what_the_documents_do_not_allow(wrong: dict[str, Any], told: str) -> None:
    at = world()
    reply = await at.post(SUBMIT, wrong)
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert told in error["message"]
    assert at.simulation.books.tasks == {}


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("veo-3.1-generate-001", body({"prompt": "a fox", "image": still(), "lastFrame": still()}, resolution="4k")),
        ("veo-3.1-generate-001", body({"image": still()}, resizeMode="crop", negativePrompt="rain", seed=7)),
        (
            "veo-3.1-generate-001",
            body({"prompt": "a", "referenceImages": [{"image": still(), "referenceType": "asset"}]}),
        ),
        ("veo-2.0-generate-001", body(durationSeconds=5, enhancePrompt=False, compressionQuality="lossless")),
    ],
)
async def test_what_the_documents_allow(model: str, sent: dict[str, Any]) -> None:
    path = SUBMIT.replace("veo-3.1-fast-generate-001", model)
    assert (await world().post(path, sent)).status_code == 200


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        ("veo-3.1-lite-generate-001", body(resolution="4k")),
        ("veo-3.0-generate-001", body({"prompt": "a fox", "image": still(), "lastFrame": still()})),
        ("veo-2.0-generate-001", body(generateAudio=True)),
    ],
)
async def test_what_only_other_models_allow(model: str, sent: dict[str, Any]) -> None:
    path = SUBMIT.replace("veo-3.1-fast-generate-001", model)
    assert (await world().post(path, sent)).status_code == 400


async def test_models_projects_and_operations_that_are_not_there() -> None:
    at = world()
    name = await created(at, body())
    unknown = await at.post(SUBMIT.replace("veo-3.1-fast", "veo-9"), body())
    assert (unknown.status_code, unknown.json()["error"]["status"]) == (404, "NOT_FOUND")
    assert (await at.post(SUBMIT.replace("p1", "p2"), body())).json()["error"]["status"] == "PERMISSION_DENIED"
    assert (await at.post(FETCH, {"operationName": f"{name}0"})).status_code == 404
    assert (await at.post(FETCH, {"operationName": "operations/1"})).status_code == 400
    elsewhere = FETCH.replace("veo-3.1-fast-generate-001", "veo-3.1-generate-001")
    assert (await at.post(elsewhere, {"operationName": name})).status_code == 400
    assert (await at.get(f"/v1/{name}")).status_code == 404, "a GET is not how an operation is asked for"


async def test_moderation_of_the_output_is_a_success_without_clips() -> None:
    at = world([Fault.MODERATED_LATE])
    name = await created(at, body(storageUri="gs://b/out"))
    await at.wait(WHOLE_RUN)
    response = (await operation(at, name))["response"]
    assert (response["raiMediaFilteredCount"], "videos" in response) == (1, False)
    assert "Support codes: 58061214" in response["raiMediaFilteredReasons"][0]
    assert "items" not in (await at.get("/storage/v1/b/b/o")).json()


async def test_moderation_of_some_clips_leaves_the_others() -> None:
    at = world([Fault.MODERATED_LATE])
    name = await created(at, body(sampleCount=3))
    await at.wait(WHOLE_RUN)
    response = (await operation(at, name))["response"]
    assert (response["raiMediaFilteredCount"], len(response["videos"])) == (1, 2)


async def test_other_ends_of_an_operation() -> None:
    at = world([Fault.MODERATED_LATE])
    blocked = await created(at, body({"prompt": "a fox", "image": still()}))
    at.simulation.faults.add(Fault.FAILED_LATE)
    broken = await created(at, body())
    at.simulation.faults.add(Fault.SUCCESS_WITHOUT_FILE)
    empty = await created(at, body())
    await at.wait(WHOLE_RUN)
    error = (await operation(at, blocked))["error"]
    assert error["code"] == 3
    assert "the input image violates" in error["message"]
    assert (await operation(at, broken))["error"]["code"] == 13
    assert "videos" not in (await operation(at, empty))["response"]
    assert at.simulation.books.billed(at.time) == 0


async def test_every_route_needs_a_token() -> None:
    at = world()
    at.client.headers["authorization"] = "Bearer another"
    for method, path in (
        ("POST", SUBMIT),
        ("POST", FETCH),
        ("GET", "/storage/v1/b/b/o"),
        ("GET", "/b/o"),
        ("GET", "/v1/x"),
    ):
        reply = await at.client.request(method, path, json={} if method == "POST" else None)
        assert (reply.status_code, reply.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert (at.simulation.books.unauthorised, at.simulation.books.submissions) == (5, 0)


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def service_keys(private_key: rsa.RSAPrivateKey) -> dict[str, str]:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = private_key.public_key().public_bytes(serialization.Encoding.PEM, form)
    return {"public_key_pem": pem.decode(), "client_email": "robot@p1.iam.gserviceaccount.com"}


def claims(**changes: Any) -> dict[str, Any]:
    return {
        "iss": "robot@p1.iam.gserviceaccount.com", "aud": "https://oauth2.googleapis.com/token", "iat": START,
        "exp": START + 3600, "scope": SCOPE,
    } | changes  # fmt: skip


async def token_for(at: World, assertion: str) -> httpx.Response:
    return await at.client.post("/token", data={"grant_type": JWT_BEARER, "assertion": assertion})


async def test_an_assertion_buys_a_token_for_an_hour(private_key: rsa.RSAPrivateKey) -> None:
    at = world(**service_keys(private_key))
    reply = (await token_for(at, jwt.encode(claims(), private_key, "RS256"))).json()
    assert (reply["expires_in"], reply["token_type"]) == (3599, "Bearer")
    at.client.headers["authorization"] = f"Bearer {reply['access_token']}"
    assert (await at.post(SUBMIT, body())).status_code == 200
    await at.wait(3600)
    assert (await at.post(SUBMIT, body())).status_code == 401


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"aud": "https://elsewhere.example/token"}, "invalid_grant"),
        ({"exp": START - 1, "iat": START - 3000}, "invalid_grant"),
        ({"exp": START + 7200}, "invalid_grant"),
        ({"iat": START + 1000}, "invalid_grant"),
        ({"iat": None}, "invalid_grant"),
        ({"iss": "another@p1.iam.gserviceaccount.com"}, "invalid_grant"),
        ({"scope": "https://www.googleapis.com/auth/drive"}, "invalid_scope"),
    ],
)
async def test_an_assertion_that_claims_the_wrong_things(
    private_key: rsa.RSAPrivateKey, changes: dict[str, Any], error: str
) -> None:
    at = world(**service_keys(private_key))
    reply = await token_for(at, jwt.encode(claims(**changes), private_key, "RS256"))
    assert (reply.status_code, reply.json()["error"]) == (400, error)


async def test_a_forged_assertion_buys_nothing(private_key: rsa.RSAPrivateKey) -> None:
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    at = world(**service_keys(private_key))
    for assertion in (jwt.encode(claims(), forger, "RS256"), jwt.encode(claims(), "", "none"), "nonsense"):
        reply = await token_for(at, assertion)
        assert reply.json() == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    assert (await token_for(world(), jwt.encode(claims(), private_key, "RS256"))).status_code == 400
    assert at.simulation.books.unauthorised == 3


async def test_the_assertion_of_googles_own_library(private_key: rsa.RSAPrivateKey) -> None:
    sent: list[bytes] = []

    def capture(*_: Any, body: bytes, **__: Any) -> google.auth.transport.Response:
        sent.append(body)
        raise google.auth.exceptions.TransportError

    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "client_email": "robot@p1.iam.gserviceaccount.com", "private_key": pem.decode(), "token_uri": f"{BASE}/token",
    }  # fmt: skip
    credentials = service_account.Credentials.from_service_account_info(account, scopes=[SCOPE])
    with pytest.raises(google.auth.exceptions.TransportError):
        credentials.refresh(capture)
    at = world(**service_keys(private_key))
    at.time = time.time()
    form = {"content-type": "application/x-www-form-urlencoded"}
    reply = await at.client.post("/token", content=sent[0], headers=form)
    assert reply.status_code == 200, reply.text


async def test_the_grant_of_a_refresh_token() -> None:
    at = world(refresh_token="1//r", client_id="id", client_secret="secret")
    form = {"grant_type": "refresh_token", "refresh_token": "1//r", "client_id": "id", "client_secret": "secret"}
    token = (await at.client.post("/token", data=form)).json()["access_token"]
    assert (await at.client.post(SUBMIT, json=body(), headers={"authorization": f"Bearer {token}"})).status_code == 200
    for changes, status, error in (
        ({"refresh_token": "1//s"}, 400, "invalid_grant"),
        ({"client_secret": "guess"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ):
        reply = await at.client.post("/token", data=form | changes)
        assert (reply.status_code, reply.json()["error"]) == (status, error)


async def story(fault: Fault | None) -> list[Any]:
    """All that a client sees of one operation and of its file."""
    at = world([fault] if fault else [], times=None)
    views = [await seen(at.post(SUBMIT, body(storageUri="gs://b/out")))]
    name = next(iter(at.simulation.books.tasks), f"{PARENT}/operations/none")
    for seconds in (1, 5, 20):
        await at.wait(seconds)
        views.append(await seen(at.post(FETCH, {"operationName": name})))
    views.append(await seen(at.get("/storage/v1/b/b/o")))
    folders = [task.data["folder"] for task in at.simulation.books.tasks.values()]
    return views + [await seen(at.get(f"/b/out/{folder}/sample_0.mp4")) for folder in folders]


@pytest.mark.parametrize("fault", sorted(FAULTS))
async def test_every_fault_changes_what_a_client_sees(fault: Fault) -> None:
    assert await story(fault) != await story(None)


async def test_without_a_fault_it_is_always_the_same() -> None:
    assert await story(None) == await story(None)
