"""Every current model in every mode and shape: what our adapter sends is what its vendor's documents allow."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from PIL import Image
from variants import VARIANTS
from world import Variant, World

from filmgate.catalogue.loader import load_catalogue
from filmgate.catalogue.model import ModelEntry
from filmgate.core.request import Mode
from filmgate.engine.intake import AskedImages, ImageSource

pytestmark = pytest.mark.anyio

SHIPPED = load_catalogue().entries()
BY_PROVIDER = {"kling": "kling", "seedance": "seedance", "wan": "wan", "veo": "veo", "gemini": "gemini"}


def variant_of(entry: ModelEntry) -> Variant:
    name = BY_PROVIDER.get(entry.provider) or f"hailuo/{entry.wire['api']}"
    found = next(variant for variant in VARIANTS if variant.name == name)
    return replace(found, name=f"{name} {entry.id}", model=entry.id)


def picture(name: str) -> ImageSource:
    file = io.BytesIO()
    Image.new("RGB", (640, 640), (90, 120, 200)).save(file, "PNG")
    return ImageSource(name, content=file.getvalue())


def images_of(mode: Mode) -> AskedImages:
    first, last, reference = picture("image"), picture("last_frame"), picture("reference_images[0]")
    return {
        Mode.TEXT_TO_VIDEO: AskedImages(),
        Mode.IMAGE_TO_VIDEO: AskedImages(first_frame=first),
        Mode.FIRST_LAST_FRAME: AskedImages(first_frame=first, last_frame=last),
        Mode.REFERENCE_TO_VIDEO: AskedImages(references=(reference,)),
    }[mode]


HOSTED = [entry for entry in SHIPPED if entry.provider not in ("animatic", "openai") and entry.state == "current"]
CASES = [pytest.param(entry, mode, id=f"{entry.id}-{mode}") for entry in HOSTED for mode in entry.modes]


@pytest.mark.parametrize(("entry", "mode"), CASES)
async def test_a_plain_request_is_taken(entry: ModelEntry, mode: Mode, build: Callable[..., Awaitable[World]]) -> None:
    world = await build(variant_of(entry), "plain")
    video_id = await world.create(images_of(mode))
    await world.drive(video_id)
    detail = await world.detail(video_id)
    assert await world.outcome(video_id) == "completed", detail.outputs[0].error_message
    assert (world.created(), world.billed()) == (1, 1)


@pytest.mark.parametrize("entry", HOSTED, ids=lambda entry: entry.id)
async def test_everything_that_the_entry_declares_is_taken(
    entry: ModelEntry, build: Callable[..., Awaitable[World]]
) -> None:
    """Every resolution and ratio, the shortest and the longest clip, sound on and off, seed and negative prompt."""
    mode = entry.modes[0]
    asked: list[dict[str, object]] = [{}]
    for resolution in entry.resolutions or tuple(entry.sizes or ()):
        ratios = (None,) if mode in entry.follows_image_in else tuple((entry.sizes or {}).get(resolution, {}))
        asked += [{"resolution": resolution, "aspect_ratio": ratio} for ratio in ratios]
    lengths = entry.durations_seconds
    asked += [{"duration_seconds": lengths.at_most(0.0)}, {"duration_seconds": lengths.at_most(1e9)}]
    if entry.audio == "optional":
        asked += [{"generate_audio": True}, {"generate_audio": False}]
    if entry.seed_max is not None:
        asked += [{"seed": 0}, {"seed": entry.seed_max}]
    if entry.negative_prompt_max_characters is not None:
        asked.append({"negative_prompt": "text, logos"})
    if entry.camera and entry.camera.words:
        asked.append({"camera": entry.camera.words[0]})
    world = await build(variant_of(entry), "declared")
    for changes in asked:
        video_id = await world.create(images_of(mode), on_mismatch="nearest", **changes)
        await world.drive(video_id)
        detail = await world.detail(video_id)
        assert await world.outcome(video_id) == "completed", f"{changes}: {detail.outputs[0].error_message}"


def test_what_is_called_verified_by_a_simulator_is_tried_here() -> None:
    tried = {entry.id for entry in HOSTED}
    for entry in SHIPPED:
        if entry.verified == "simulator":
            assert entry.id in tried, entry.id
    assert {entry.id for entry in HOSTED if entry.verified == "documentation"} == set()
