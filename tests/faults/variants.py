"""Every way to every vendor that has a simulator."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from world import SECRET_MARK, Variant

from filmgate.simulators.faults import Fault
from filmgate.simulators.gemini import FAULTS as GEMINI_FAULTS
from filmgate.simulators.gemini import gemini_simulator
from filmgate.simulators.hailuo import FAULTS as HAILUO_FAULTS
from filmgate.simulators.hailuo import hailuo_simulator
from filmgate.simulators.kling import FAULTS as KLING_FAULTS
from filmgate.simulators.kling import kling_simulator
from filmgate.simulators.openai import faults_of as dialect_faults
from filmgate.simulators.openai import openai_simulator
from filmgate.simulators.seedance import FAULTS as SEEDANCE_FAULTS
from filmgate.simulators.seedance import seedance_simulator
from filmgate.simulators.veo import FAULTS as VEO_FAULTS
from filmgate.simulators.veo import veo_simulator
from filmgate.simulators.wan import FAULTS as WAN_FAULTS
from filmgate.simulators.wan import wan_simulator

KEY = f"{SECRET_MARK}-0123456789abcdef"
SECRET_KEY = f"{SECRET_MARK}-0123456789abcdef0123456789abcdef"
WEBHOOK_SECRET = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="


def _openai(
    dialect: str, *, finds: bool = False, proves_absence: bool = False, repeats: bool = False, **account: Any
) -> Variant:
    return Variant(
        name=f"openai/{dialect}",
        provider="openai",
        model="gpu-model",
        account={"base_url": f"http://{dialect}.test", "dialect": dialect, "models": ["gpu-model"]} | account,
        host=f"{dialect}.test",
        simulator=partial(openai_simulator, dialect=dialect),
        keys={"api_key": KEY},
        finds=finds,
        proves_absence=proves_absence,
        repeats=repeats,
        models=(OPENAI_MODEL,),
    )


OPENAI_MODEL = {
    "id": "gpu-model",
    "provider": "openai",
    "upstream_model": "gpu-model",
    "title": "A model on a server of one's own",
    "modes": ["text_to_video"],
    "prompt_required": ["text_to_video"],
    "durations_seconds": [4, 8],
    "default_duration_seconds": 4,
    "sizes": {"720p": {"16:9": "1280x720"}},
    "deadline_seconds": 1800,
    "poll": {"first_seconds": 10, "every_seconds": 5},
    "verified": "simulator",
    "price": "free",
    "price_source": "the tests",
    "checked_on": date(2026, 11, 23),
}

VARIANTS: tuple[Variant, ...] = (
    Variant(
        "kling",
        "kling",
        "kling-2.5-turbo",
        {"api_key": KEY, "base_url": "http://kling.test", "webhook_secret": WEBHOOK_SECRET},
        "kling.test",
        kling_simulator,
        {"api_key": KEY, "webhook_secret": WEBHOOK_SECRET},
        finds=True,
        proves_absence=True,
    ),
    Variant(
        "kling/access-key",
        "kling",
        "kling-2.6",
        {"access_key": f"{SECRET_MARK}-access", "secret_key": SECRET_KEY, "base_url": "http://kling.test"},
        "kling.test",
        kling_simulator,
        {"access_key": f"{SECRET_MARK}-access", "secret_key": SECRET_KEY},
        finds=True,
        proves_absence=True,
    ),
    Variant(
        "seedance",
        "seedance",
        "seedance-2.0",
        {"api_key": KEY, "base_url": "http://ark.test/api/v3"},
        "ark.test",
        seedance_simulator,
        {"api_key": KEY},
        finds=True,
        proves_absence=True,
    ),
    Variant(
        "wan",
        "wan",
        "wan2.6-t2v",
        {"api_key": KEY, "base_url": "http://dashscope.test"},
        "dashscope.test",
        wan_simulator,
        {"api_key": KEY},
        finds=True,
        proves_absence=True,
    ),
    Variant(
        "hailuo/v1",
        "hailuo",
        "hailuo-2.3",
        {"api_key": KEY, "base_url": "http://minimax.test"},
        "minimax.test",
        hailuo_simulator,
        {"api_key": KEY},
    ),
    Variant(
        "hailuo/v2",
        "hailuo",
        "minimax-h3",
        {"api_key": KEY, "base_url": "http://minimax.test"},
        "minimax.test",
        hailuo_simulator,
        {"api_key": KEY},
        proves_absence=True,
    ),
    Variant(
        "veo",
        "veo",
        "veo-3.1",
        {"project": "p1", "access_token": KEY, "base_url": "http://vertex.test"},
        "vertex.test",
        veo_simulator,
        {"access_token": KEY, "project": "p1"},
    ),
    Variant(
        "veo/bucket",
        "veo",
        "veo-3.1",
        {
            "project": "p1",
            "access_token": KEY,
            "base_url": "http://vertex.test",
            "storage_uri": "gs://films/out",
            "gcs_base_url": "http://vertex.test",
        },
        "vertex.test",
        veo_simulator,
        {"access_token": KEY, "project": "p1"},
        finds=True,
    ),
    Variant(
        "gemini",
        "gemini",
        "gemini-omni-1.1-flash",
        {"api_key": KEY, "base_url": "http://gemini.test"},
        "gemini.test",
        gemini_simulator,
        {"api_key": KEY},
    ),
    _openai("openai", api_key=KEY, models={"gpu-model": "sora-2"}, finds=True),
    _openai("vllm-omni", api_key=KEY, finds=True, proves_absence=True),
    _openai("sglang", proves_absence=True),
    _openai("new-api", api_key=KEY),
    _openai("litellm", api_key=KEY),
    _openai("azure", api_key=KEY, finds=True),
    _openai("filmgate", api_key=KEY, repeats=True),
)

# One way to each vendor. Every fault is lived through by all variants, and died in by these.
PRIMARY = ("kling", "seedance", "wan", "hailuo/v1", "veo/bucket", "gemini", "openai/openai")

FAULTS_OF: dict[str, frozenset[Fault]] = {
    "kling": KLING_FAULTS,
    "seedance": SEEDANCE_FAULTS,
    "wan": WAN_FAULTS,
    "hailuo": HAILUO_FAULTS,
    "veo": VEO_FAULTS,
    "gemini": GEMINI_FAULTS,
}


def faults_of(variant: Variant) -> frozenset[Fault]:
    if variant.provider == "openai":
        return dialect_faults(variant.name.partition("/")[2])
    return FAULTS_OF[variant.provider]
