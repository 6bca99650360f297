"""From the options of `create` to the body of `POST /v1/videos`: JSON, or multipart where files are sent."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from filmgate.cli.exits import usage_error

MOST_IMAGE_BYTES = 20 * 1024 * 1024

FilePart = tuple[str, tuple[str, bytes, str]]


@dataclass(frozen=True, slots=True)
class CreateBody:
    """`fields` as JSON values, and the local files beside them."""

    fields: dict[str, Any]
    files: list[FilePart] = field(default_factory=list[FilePart])

    def http_parts(self) -> dict[str, Any]:
        """The arguments for httpx."""
        if not self.files:
            return {"json": self.fields}
        return {"data": {name: _form_value(value) for name, value in self.fields.items()}, "files": self.files}


def create_body(
    asked: dict[str, Any],
    *,
    images: Sequence[str] = (),
    last_frame: str | None = None,
    metadata: str | None = None,
    options: Sequence[str] = (),
) -> CreateBody:
    """`asked` holds the plain fields, None where nothing was asked. Raises CommandFailed for a value of no use."""
    fields = {name: value for name, value in asked.items() if value is not None}
    files: list[FilePart] = []
    links = [image for image in images if _is_reference(image)]
    if links:
        fields["image"] = links[0] if len(links) == 1 else links
    files += [_file_part("image", image) for image in images if not _is_reference(image)]
    if last_frame is not None:
        if _is_reference(last_frame):
            fields["last_frame"] = last_frame
        else:
            files.append(_file_part("last_frame", last_frame))
    if metadata is not None:
        fields["metadata"] = _json_object(metadata)
    if options:
        fields["provider_options"] = dict(_option(option) for option in options)
    return CreateBody(fields, files)


def _is_reference(image: str) -> bool:
    return image.lower().startswith(("http://", "https://", "data:"))


def _file_part(name: str, image: str) -> FilePart:
    option = "--" + name.replace("_", "-")
    path = Path(image).expanduser()
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MOST_IMAGE_BYTES:
            raise usage_error(
                f"{option}: {image} has {size_bytes / 1024**2:.1f} MB; allowed are {MOST_IMAGE_BYTES // 1024**2} MB. "
                "Make it smaller",
                name,
            )
        content = path.read_bytes()
    except OSError as error:
        raise usage_error(
            f"{option}: cannot read the file {image!r} ({error.strerror}). Give the path or URL of an image",
            name,
        ) from None
    return name, (path.name, content, mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise usage_error(
            f"""--metadata: no valid JSON ({error}); give an object such as '{{"shot": 12}}'""", "metadata"
        ) from None
    if not isinstance(value, dict):
        raise usage_error(f"""--metadata: {text!r} is no JSON object; give one such as '{{"shot": 12}}'""", "metadata")
    return cast("dict[str, Any]", value)


def _option(option: str) -> tuple[str, Any]:
    """`name=value`, where a value that is JSON (true, 3, "text", {…}) is taken as that."""
    name, separator, value = option.partition("=")
    if not separator or not name:
        raise usage_error(f"--option: {option!r} has not the form name=value", "provider_options")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _form_value(value: object) -> str | list[str]:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return [_text(item) for item in cast("list[object]", value)]
    return _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
