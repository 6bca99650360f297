"""Whatever a client sends is understood or refused in words: nothing else is ever raised."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from filmgate.api.body import Body
from filmgate.api.params import FIELDS, IMAGE_NAMES, parse_params
from filmgate.catalogue.fit import Fitted, fit
from filmgate.catalogue.loader import Catalogue, load_catalogue
from filmgate.core.errors import ClientError
from filmgate.core.request import Images, VideoParams
from filmgate.engine.gateway import CreateCall
from filmgate.store.records import request_from_json, request_to_json

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-2, 20),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["5", "1280x720", "16:9", "720p", "nearest", "1e309", "NaN", "0x10", " 5 ", "-1", "٣", "五", "true"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from([*FIELDS, "seconds", "model", "prompt", "metadata", "colour", *IMAGE_NAMES, "metadata[style]"])
METADATA = st.dictionaries(st.sampled_from([*FIELDS, "seconds", "order", "last_frame"]), VALUES, max_size=4)
REQUESTS = st.dictionaries(NAMES, VALUES, max_size=8)
MODELS = st.sampled_from(["animatic-1", "kling-v1", "kling-3.0", "kling-2.6", "kling-v1-5", "kling-o1"])


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@settings(deadline=None, max_examples=300)
@given(asked=REQUESTS, metadata=METADATA, model=MODELS, form=st.booleans())
def test_any_request_is_fitted_or_refused(
    catalogue: Catalogue, asked: dict[str, Any], metadata: dict[str, Any], model: str, form: bool
) -> None:
    asked = {"metadata": metadata, "model": model, "prompt": "sea"} | asked
    if form:
        asked = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    body = Body({name: [value] for name, value in asked.items()}, texts=form)
    params: VideoParams | None = None
    fitted: Fitted | None = None
    refusal: ClientError | None = None
    try:
        params, images = parse_params(body, default_model=model)
        assert len(CreateCall(params, images, started_at=0.0).body_sha256()) == 64
        fitted = fit(params, Images(), catalogue.get(params.model), draw_seed=lambda: 7, n_cap=4)
    except ClientError as error:
        refusal = error
    if params is None or fitted is None:
        assert refusal is not None
        assert 0 < len(refusal.message) < 2000
        return
    # What will be stored survives its way through JSON.
    stored = json.loads(to_json(request_to_json(fitted.request)))
    assert request_from_json(stored) == fitted.request
    json.loads(to_json([params.metadata, fitted.adjustments, fitted.warnings]))


@settings(deadline=None, max_examples=200)
@given(value=VALUES, name=st.sampled_from(sorted(FIELDS)))
def test_a_refusal_names_the_field_that_was_sent(value: Any, name: str) -> None:
    refused: list[str | None] = []
    try:
        parse_params(Body({name: [value], "prompt": ["sea"]}), default_model="animatic-1")
    except ClientError as error:
        refused.append(error.param)

    # Half a size names the half that is missing.
    assert all(param and param.split(".")[0] in (name, "metadata", "width", "height") for param in refused)
