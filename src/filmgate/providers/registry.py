"""The one list of hosted providers. Whatever stands here can be an account's `provider`."""

from __future__ import annotations

from collections.abc import Mapping

from filmgate.providers import kling
from filmgate.providers.kind import ProviderKind


def provider_kinds() -> Mapping[str, ProviderKind]:
    """By name."""
    kinds = (kling.KIND,)
    return {kind.name: kind for kind in kinds}
