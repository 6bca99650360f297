"""The catalogue, as clients read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from filmgate.api.services import AnyCaller, Services
from filmgate.catalogue.describe import describe
from filmgate.catalogue.live_only import refuse_retired, refuse_unpriced
from filmgate.catalogue.model import ModelEntry
from filmgate.core.errors import ClientError
from filmgate.store.records import Key

router = APIRouter(tags=["models"])


@router.get("/v1/models")
async def list_models(caller: AnyCaller) -> dict[str, Any]:
    """Every model, with what it can do, what it costs, and whether this key can use it now."""
    entries = caller.services.catalogue.entries()
    return {"object": "list", "data": [_model_object(entry, caller.key, caller.services) for entry in entries]}


@router.get("/v1/models/{model_id:path}")
async def retrieve_model(model_id: str, caller: AnyCaller) -> dict[str, Any]:
    """One model by its id or an alias. Unknown → 404 `model_not_found`, with near names."""
    return _model_object(caller.services.catalogue.get(model_id), caller.key, caller.services)


def _model_object(entry: ModelEntry, key: Key, services: Services) -> dict[str, Any]:
    reason = _why_not(entry, key, services)
    return {
        "id": entry.id,
        "object": "model",
        "created": 0,
        "owned_by": entry.provider,
        "filmgate": {**describe(entry), "available": reason is None, "unavailable_reason": reason},
    }


def _why_not(entry: ModelEntry, key: Key, services: Services) -> str | None:
    """The sentence a create with this key would be refused with, or None."""
    if key.models is not None and entry.id not in key.models:
        return "this key may not use this model"
    try:
        if key.livemode:
            refuse_retired(entry, datetime.fromtimestamp(services.clock.now(), UTC).date())
            refuse_unpriced(entry)
    except ClientError as error:
        return error.message
    return services.router.why_not(entry) if key.livemode else None
