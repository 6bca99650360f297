"""The one list of hosted providers. Whatever stands here can be an account's `provider`."""

from __future__ import annotations

from collections.abc import Mapping

from filmgate.providers import gemini, hailuo, kling, openai, seedance, veo, wan
from filmgate.providers.kind import ProviderKind


def provider_kinds() -> Mapping[str, ProviderKind]:
    """By name."""
    kinds = (gemini.KIND, hailuo.KIND, kling.KIND, openai.KIND, seedance.KIND, veo.KIND, wan.KIND)
    return {kind.name: kind for kind in kinds}
