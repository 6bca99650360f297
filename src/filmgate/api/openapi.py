"""What /docs and /openapi.json say of bodies and answers that are parsed by hand."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

_STRING = {"type": "string"}
_INTEGER = {"type": "integer"}

_CREATE_PROPERTIES: dict[str, Any] = {
    "model": _STRING | {"description": "A model of GET /v1/models", "examples": ["animatic-1", "kling-v1"]},
    "prompt": _STRING | {"examples": ["An astronaut stood up and walked"]},
    "image": _STRING | {"description": "http(s) URL, data URI, base64, or a file part; PNG, JPEG or WebP up to 20 MB"},
    "duration": {"type": "number", "description": "Seconds. Alias: seconds", "examples": [5]},
    "width": _INTEGER | {"minimum": 16, "maximum": 8192, "examples": [1280]},
    "height": _INTEGER | {"minimum": 16, "maximum": 8192, "examples": [720]},
    "size": _STRING | {"description": "Instead of width and height", "examples": ["1280x720"]},
    "fps": {"type": "number", "minimum": 1, "maximum": 120, "examples": [30]},
    "seed": _INTEGER | {"minimum": -1, "maximum": 4294967295, "examples": [20231234]},
    "n": _INTEGER | {"minimum": 1, "default": 1},
    "response_format": {"enum": ["url", "b64_json"], "default": "url"},
    "user": _STRING | {"maxLength": 256, "examples": ["user-1234"]},
    "negative_prompt": _STRING,
    "style": _STRING,
    "quality_level": _STRING,
    "aspect_ratio": _STRING | {"examples": ["16:9"]},
    "resolution": _STRING | {"examples": ["720p"]},
    "generate_audio": {"type": "boolean"},
    "camera": _STRING,
    "last_frame": _STRING | {"description": "As image"},
    "reference_images": {"type": "array", "items": _STRING},
    "on_mismatch": {"enum": ["reject", "nearest"], "default": "reject"},
    "conform": {"enum": ["auto", "native"], "default": "auto"},
    "provider_options": {"type": "object"},
    "metadata": {
        "type": "object",
        "description": "Yours; up to 16 KB, echoed. Any field above may stand in it, too; `caption: true` sets the"
        " prompt into the picture where the model can",
    },
}
_CREATE_SCHEMA = {"type": "object", "properties": _CREATE_PROPERTIES}
_MULTIPART_SCHEMA = {
    "type": "object",
    "properties": _CREATE_PROPERTIES | {"image": {"type": "string", "format": "binary"}},
}

CREATE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _MULTIPART_SCHEMA},
            "application/json": {"schema": _CREATE_SCHEMA},
            "application/x-www-form-urlencoded": {"schema": _CREATE_SCHEMA},
        },
    }
}

_NULLABLE_INTEGER = {"type": ["integer", "null"]}
_ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "message": _STRING,
                "type": _STRING,
                "param": {"type": ["string", "null"]},
                "code": _STRING,
            },
        }
    },
}
_VIDEO_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": _STRING,
        "object": {"const": "video"},
        "model": _STRING,
        "status": {"enum": ["queued", "in_progress", "completed", "failed"]},
        "progress": _INTEGER | {"minimum": 0, "maximum": 100},
        "created_at": _INTEGER,
        "completed_at": _NULLABLE_INTEGER,
        "expires_at": _NULLABLE_INTEGER,
        "seconds": _STRING,
        "size": {"type": ["string", "null"]},
        "prompt": {"type": ["string", "null"]},
        "remixed_from_video_id": {"type": ["string", "null"]},
        "error": {
            "type": ["object", "null"],
            "properties": {"code": _STRING, "message": _STRING},
        },
        "metadata": {"type": "object"},
    },
}


def video_responses(status: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"description": "The Video", "content": {"application/json": {"schema": _VIDEO_SCHEMA}}},
        "4XX": {"description": "What to mend", "content": {"application/json": {"schema": _ERROR_SCHEMA}}},
    }


def finish_schema(app: FastAPI) -> None:
    """What /openapi.json cannot know by itself: calls carry a Bearer key, and bad input is a 400, never a 422."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        scheme = {
            "type": "http",
            "scheme": "bearer",
            "description": "sk-test-… rehearses, sk-live-… runs the real model",
        }
        schema.setdefault("components", {})["securitySchemes"] = {"key": scheme}
        schema["security"] = [{"key": []}]
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"].pop("422", None)
        for name in ("HTTPValidationError", "ValidationError"):
            schema["components"].get("schemas", {}).pop(name, None)
        return schema

    app.openapi = openapi
