"""Google Veo on Vertex AI (since 2026 also called Gemini Enterprise Agent Platform).

Clips come back inside the answer, or as files in a bucket of yours where the account has a `storage_uri`. With a bucket
each attempt gets a folder named after its `client_ref`, which is what makes a clip whose submit was lost findable.
Veo on the Gemini API ended on 2026-10-22; what that API offers instead is in `gemini`.

Source: docs.cloud.google.com/gemini-enterprise-agent-platform (models/veo/3-1-generate, models/video), the older
cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation and its page on responsible AI, in
copies of 2025-10 to 2026-11; see docs/providers/veo.md.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping
from typing import Annotated, Any, Self, cast
from urllib.parse import quote

from pydantic import FilePath, SecretStr, model_validator

from filmgate.core.errors import Charged, ErrorClass, UpstreamBusy, UpstreamRefused
from filmgate.core.lenient import at, int_at, list_at, text_at
from filmgate.core.provider import Absent, Answer, Failed, Found, Pending, ProviderTask, Succeeded, Unsure
from filmgate.core.request import VideoRequest
from filmgate.core.video import FailureCode
from filmgate.net.upstream import Reply, Upstream
from filmgate.providers.google_errors import GoogleError, explained, explained_of_task, read_error
from filmgate.providers.images import SentImage, SentImages, load_images
from filmgate.providers.inline_result import MOST_INLINE_REPLY_BYTES, save_inline
from filmgate.providers.kind import Credentials, ProviderKind, Tools, matching
from filmgate.providers.outgoing import given
from filmgate.providers.verdicts import accepted, failure_code, query_error, readable, submit_error

_BUCKET = re.compile(r"gs://([a-z0-9][a-z0-9._-]*)(?:/(.*))?", re.DOTALL)
_ADVICE = {
    "UNAUTHENTICATED": "Google does not take the account's credentials",
    "PERMISSION_DENIED": "the service account needs the role Vertex AI User, and the project the API and billing",
    "NOT_FOUND": "the project or location does not offer this model, or Google has retired it",
    "RESOURCE_EXHAUSTED": "the quota of the project for this model and location",
}
# google.rpc codes of a finished operation after which a new submit may go well.
_WORTH_ANOTHER_SUBMIT = frozenset({"RESOURCE_EXHAUSTED", "INTERNAL", "UNAVAILABLE"})
# "Support codes" of Google's safety filter. 39322892 is documented for images only.
_SUPPORT_CODES = {
    "a child": ("58061214", "17301594"),
    "a celebrity": ("29310472", "15236754"),
    "a person or face that the account's settings exclude": ("39322892",),
    "hate": ("57734940", "22137204"),
    "personal data": ("92201652",),
    "prohibited content": ("89371032", "49114662", "72817394"),
    "sexual content": ("90789179", "63429089", "43188360"),
    "dangerous content": ("62263041",),
    "toxic language": ("78610348",),
    "another safety rule": ("74803281", "29578790", "42876398"),
}


class VeoCredentials(Credentials):
    """A Google Cloud project, and at most one of `credentials_file` and `access_token`.

    Without either, Application Default Credentials are looked for (see `google_token`).
    """

    project: Annotated[str, matching(r"[a-z0-9][a-z0-9.:-]+", "the id of a project, such as my-project-1")]
    location: Annotated[str, matching(r"[a-z0-9-]+", "a location such as us-central1 or global")] = "us-central1"
    credentials_file: FilePath | None = None
    access_token: SecretStr | None = None  # an OAuth token, which lives for an hour: for trying things out
    storage_uri: Annotated[str, matching(_BUCKET, "gs://bucket or gs://bucket/folder")] | None = None
    base_url: str | None = None
    gcs_base_url: str = "https://storage.googleapis.com"

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.credentials_file is not None and self.access_token is not None:
            raise ValueError("an account of veo takes credentials_file or access_token, not both")
        return self


class VeoProvider:
    """One for each account; keeps nothing but its access token."""

    def __init__(self, credentials: VeoCredentials, tools: Tools) -> None:
        # Google's library takes a tenth of a second to load, which a server without this account need not wait for.
        from filmgate.providers.google_token import GoogleToken

        self._credentials = credentials
        self._tools = tools
        access_token = credentials.access_token.get_secret_value() if credentials.access_token else None
        self._token = GoogleToken(
            clock=tools.clock,
            access_token=access_token,
            credentials_file=credentials.credentials_file,
            transport=tools.transport,
        )
        secrets = [access_token] if access_token else []
        self._vertex = Upstream(self._base_url_of(credentials.location), secrets=secrets, transport=tools.transport)
        self._storage = Upstream(credentials.gcs_base_url, secrets=secrets, transport=tools.transport)

    @property
    def base_url(self) -> str:
        return self._vertex.base_url

    async def close(self) -> None:
        await self._token.close()
        await self._vertex.close()
        await self._storage.close()

    async def submit(self, request: VideoRequest, *, client_ref: str, callback_url: str | None = None) -> ProviderTask:
        """POST to the model's predictLongRunning. Google has no place for `client_ref` but the folder in the bucket."""
        try:
            headers = await self._token.headers()
        except UpstreamBusy as error:
            is_passing = error.error_class is ErrorClass.TRANSIENT
            raise UpstreamRefused(error.message, error_class=error.error_class, retryable=is_passing) from error
        images = await load_images(request.images, self._tools.read_input)
        parameters = parameters_of(request)
        if self._credentials.storage_uri is not None:
            bucket, folder = self._place(client_ref)
            parameters["storageUri"] = f"gs://{bucket}/{folder}"
        project, location = self._credentials.project, self._credentials.location
        model = f"projects/{project}/locations/{location}/publishers/google/models/{request.upstream_model}"
        body = {"instances": [instance_of(request, images)], "parameters": parameters}
        reply = await self._vertex.pay(f"/v1/{model}:predictLongRunning", headers=headers, json=body)
        answer = reply.json()
        name = text_at(answer, "name")
        if reply.status != 200 or (name is None and read_error(answer) is not None):
            self._note_refused_token(reply)
            raise submit_error(reply, **explained(reply, answer, _ADVICE))
        return accepted(name, reply, model=model, location=location, client_ref=client_ref)

    async def poll(self, task: ProviderTask) -> Answer:
        """POST to fetchPredictOperation, at the location where the task was submitted; a GET is not documented.

        An inline clip of tens of MB is read and written to the work folder in a thread, at every poll that finds one.
        """
        if (clip := text_at(task.data, "gcs_uri")) is not None:
            return self._in_bucket(clip)
        host = self._base_url_of(text_at(task.data, "location") or self._credentials.location)
        reply = await self._vertex.ask(
            "POST",
            f"{host}/v1/{text_at(task.data, 'model')}:fetchPredictOperation",
            headers=await self._token.headers(),
            json={"operationName": task.id},
            max_bytes=MOST_INLINE_REPLY_BYTES,
        )
        if reply.status != 200:
            self._note_refused_token(reply)
            raise query_error(reply, **explained_of_task(reply, reply.json(), _ADVICE))
        return await asyncio.to_thread(self._read_operation, reply, task)

    async def cancel(self, task: ProviderTask) -> bool:
        """Whether the generic cancel of operations works on Veo is not documented."""
        return False

    async def find(
        self, request: VideoRequest, *, client_ref: str, submitted_at: float, taken: Collection[str]
    ) -> Found | Absent | Unsure:
        """A finished clip, in the folder of this attempt. That there is none yet says nothing."""
        if self._credentials.storage_uri is None:
            return Unsure(
                "Google lists no Veo operations; with a storage_uri the finished clip could be found", final=True
            )
        bucket, folder = self._place(client_ref)
        reply = await self._storage.ask(
            "GET",
            f"/storage/v1/b/{bucket}/o",
            headers=await self._token.headers(),
            params={"prefix": folder, "fields": "items(name)"},
        )
        answer = reply.json()
        if reply.status != 200 or not isinstance(answer, dict):
            self._note_refused_token(reply)
            raise query_error(reply, **explained(reply, answer, _ADVICE))
        for item in list_at(answer, "items"):
            name = text_at(item, "name") or ""
            if name.startswith(folder) and name.endswith(".mp4"):
                clip = f"gs://{bucket}/{name}"
                return Found(ProviderTask(clip, {"gcs_uri": clip}))
        return Unsure(f"no clip lies in gs://{bucket}/{folder} yet, and Google does not tell whether one is being made")

    async def download_headers(self, url: str) -> Mapping[str, str]:
        """The token, for Cloud Storage only."""
        return await self._token.headers() if self._storage.is_own(url) else {}

    def _read_operation(self, reply: Reply, task: ProviderTask) -> Answer:
        told = reply.json()
        if not isinstance(told, dict):
            raise query_error(reply)
        answer = cast("dict[str, Any]", told)
        if at(answer, "done") not in (True, "true"):
            return Pending()
        if (error := read_error(answer, of_operation=True)) is not None:
            return _failure(error)
        if not isinstance(answer.get("response", {}), dict):
            raise UpstreamBusy("the operation is done, and its answer cannot be read")
        videos = list_at(answer, "response", "videos")
        for video in videos:
            if (clip := text_at(video, "gcsUri")) is not None:
                return self._in_bucket(clip)
            encoded = at(video, "bytesBase64Encoded")
            if isinstance(encoded, str) and encoded:
                name = text_at(task.data, "client_ref") or task.id
                return Succeeded(path=str(save_inline(encoded, self._tools.work_dir, name)))
        filtered = int_at(answer, "response", "raiMediaFilteredCount") or 0
        if videos and filtered == 0:
            return Failed(FailureCode.PROVIDER_FAILED, "Veo reports a clip without saying where it is", doubtful=True)
        return _filtered(answer)

    def _in_bucket(self, clip: str) -> Answer:
        named = _BUCKET.fullmatch(clip)
        if named is None or not named[2]:
            return Failed(
                FailureCode.PROVIDER_FAILED, "Veo reports success with a clip at an address that is no gs:// one"
            )
        return Succeeded(url=f"{self._storage.base_url}/{named[1]}/{quote(named[2])}")

    def _place(self, client_ref: str) -> tuple[str, str]:
        """Bucket and folder, with a slash at its end, of one attempt."""
        named = _BUCKET.fullmatch(self._credentials.storage_uri or "")
        bucket, folder = (named[1], (named[2] or "").strip("/")) if named else ("", "")
        return bucket, f"{folder}/{client_ref}/".lstrip("/")

    def _base_url_of(self, location: str) -> str:
        if self._credentials.base_url is not None:
            return self._credentials.base_url.rstrip("/")
        region = "" if location == "global" else f"{location}-"
        return f"https://{region}aiplatform.googleapis.com"

    def _note_refused_token(self, reply: Reply) -> None:
        if reply.status == 401:
            self._token.forget()


KIND = ProviderKind(
    name="veo",
    credentials=VeoCredentials,
    open=VeoProvider,
    environment={
        "GOOGLE_CLOUD_PROJECT": "project",
        "GOOGLE_CLOUD_LOCATION": "location",
        "GOOGLE_APPLICATION_CREDENTIALS": "credentials_file",
        "VEO_STORAGE_URI": "storage_uri",
        "VEO_BASE_URL": "base_url",
    },
    required=(("GOOGLE_CLOUD_PROJECT",),),
    max_concurrent=10,  # our own bound: Google's quota is 50 requests a minute and says nothing of how many run
)


# ── our request → theirs ────────────────────────────────────────────────────────────────────────────────────────────


def instance_of(request: VideoRequest, images: SentImages) -> dict[str, Any]:
    """Images go as bare base64: Google fetches no links of the web."""
    fields: dict[str, Any] = {
        "prompt": request.prompt,
        "image": _image(images.first_frame),
        "lastFrame": _image(images.last_frame),
        "referenceImages": [{"image": _image(image), "referenceType": "asset"} for image in images.references] or None,
    }
    return given(fields)


def parameters_of(request: VideoRequest) -> dict[str, Any]:
    """All of them: `generateAudio` has no default on Vertex AI, and the others' are Google's to change."""
    parameters: dict[str, Any] = {
        "sampleCount": 1,
        "durationSeconds": int(request.duration_seconds),
        "aspectRatio": request.aspect_ratio,
        "resolution": request.resolution,
        "generateAudio": request.generate_audio,
        "negativePrompt": request.negative_prompt,
        "seed": request.seed,
    }
    return given(parameters) | request.provider_options


def _image(image: SentImage | None) -> dict[str, str] | None:
    return {"bytesBase64Encoded": image.base64, "mimeType": image.media_type} if image else None


# ── their answer → our verdict ──────────────────────────────────────────────────────────────────────────────────────
# Google bills a clip that was made and nothing else (its price list of 2026-09-24), so no failure below was charged.


def _failure(error: GoogleError) -> Failed:
    """The error of a finished operation."""
    message = readable(error.message or "no reason was given")
    if error.error_class is ErrorClass.MODERATION:
        return _moderation(message, error.status)
    error_class = error.error_class or ErrorClass.TRANSIENT
    return Failed(
        failure_code(error_class),
        message,
        error_class,
        retryable=error.status in _WORTH_ANOTHER_SUBMIT,
        charged=Charged.NO,
        upstream_code=error.status or error.code,
    )


def _filtered(answer: Any) -> Failed:
    """Done, no error, no clip: that is how the safety filter says no. A partial filter leaves a clip, and is none."""
    reasons = [reason for each in list_at(answer, "response", "raiMediaFilteredReasons") if (reason := text_at(each))]
    if reasons or int_at(answer, "response", "raiMediaFilteredCount"):
        return _moderation(readable(" ".join(reasons)) or "it gave no reason", "raiMediaFiltered")
    message = "it finished without a clip and without an error, and gave no reason"
    return _moderation(message, "raiMediaFiltered", doubtful=True)  # or an answer that was cut short


def _moderation(message: str, upstream_code: str | None, *, doubtful: bool = False) -> Failed:
    found = [meaning for meaning, codes in _SUPPORT_CODES.items() if any(code in message for code in codes)]
    because = f" because of {', '.join(found)}" if found else ""
    text = f"Google's safety filter kept the clip back{because}: {message}"
    return Failed(
        FailureCode.CONTENT_POLICY_VIOLATION,
        text,
        ErrorClass.MODERATION,
        charged=Charged.NO,
        upstream_code=upstream_code,
        doubtful=doubtful,
    )
