"""Which server stands behind `/v1/videos`: as its owner says, or guessed from calls that cost nothing.

Evidence, read in the servers' own sources on 2026-11-23 (none of it was tried on a running server):

- vLLM-Omni and SGLang name themselves as `owned_by` in GET /v1/models; builds of SGLang from before it had that route
  tell their model at GET /models.
- new-api says its version in a header of every answer, and `success` beside every list.
- LiteLLM sends headers of its own, and is alive at a path that only it spells that way.
- Filmgate tells a table `filmgate` for each of its models.
- Azure is known by its host.
"""

from __future__ import annotations

from enum import StrEnum

import httpx

from filmgate.core.lenient import at, text_at
from filmgate.net.upstream import Reply, Upstream
from filmgate.providers.verdicts import query_error


class Dialect(StrEnum):
    OPENAI = "openai"  # the original's own words; what is spoken to a server that nobody recognises
    AZURE = "azure"
    VLLM_OMNI = "vllm-omni"
    SGLANG = "sglang"
    NEW_API = "new-api"
    LITELLM = "litellm"
    FILMGATE = "filmgate"


# Engines that a person runs on machines of their own: they bill nobody, and keep their jobs in memory.
OWN_ENGINES = frozenset({Dialect.VLLM_OMNI, Dialect.SGLANG})

TITLES = {
    Dialect.OPENAI: "the server",
    Dialect.AZURE: "Azure OpenAI",
    Dialect.VLLM_OMNI: "vLLM-Omni",
    Dialect.SGLANG: "SGLang",
    Dialect.NEW_API: "new-api",
    Dialect.LITELLM: "LiteLLM",
    Dialect.FILMGATE: "the other Filmgate",
}

_AZURE_HOSTS = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")
# A plain vLLM has no /v1/videos: whoever gives it as an account for videos has started it with --omni.
_BY_OWNER = {"vllm": Dialect.VLLM_OMNI, "vllm-omni": Dialect.VLLM_OMNI, "sglang": Dialect.SGLANG}
_SAYS_NOTHING = frozenset({401, 408, 429})


def is_azure(url: str) -> bool:
    return httpx.URL(url).host.endswith(_AZURE_HOSTS)


async def guess_dialect(upstream: Upstream, headers: dict[str, str]) -> Dialect:
    """Ask the server who it is: one to three GETs. Whatever is not recognised speaks the plain dialect.

    Raises UpstreamBusy when no answer came, or one that may be different in a moment or with another key.
    """
    models = await upstream.ask("GET", "/models", headers=headers)
    if known := _named_by(models):
        return known
    if models.status in _SAYS_NOTHING or models.status >= 500:
        message = (
            f"asked for its models to learn which server it is, it answered HTTP {models.status} "
            f"({models.snippet() or 'no body'}); set dialect on the account if it never tells its models"
        )
        raise query_error(models, message)
    root = upstream.base_url.removesuffix("/v1")
    if (await upstream.ask("GET", f"{root}/health/liveliness", headers=headers)).json() == "I'm alive!":
        return Dialect.LITELLM
    served = (await upstream.ask("GET", f"{root}/models", headers=headers)).json()
    if text_at(served, "model_path") and text_at(served, "task_type"):
        return Dialect.SGLANG
    return Dialect.OPENAI


def _named_by(models: Reply) -> Dialect | None:
    if any(name.startswith("x-litellm-") for name in models.headers):
        return Dialect.LITELLM
    if "x-new-api-version" in models.headers or "x-oneapi-request-id" in models.headers:
        return Dialect.NEW_API
    listed = models.json()
    first = at(listed, "data", 0)
    if text_at(first, "filmgate", "provider"):
        return Dialect.FILMGATE
    if at(listed, "success") is True and at(listed, "object") == "list":
        return Dialect.NEW_API
    return _BY_OWNER.get(text_at(first, "owned_by") or "")
