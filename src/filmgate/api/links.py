"""Links to files that work without a key: signed, bound to one file, and dead when the file is."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlencode

from filmgate.core.errors import Gone, PermissionDenied


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """`secret` is this installation's; whoever has it can make links to any file."""

    secret: bytes

    def url(self, base_url: str, video_id: str, *, variant: str, idx: int, expires_at: float | None) -> str:
        """A link to one file. `expires_at` None: as long as the file is kept."""
        expires = int(expires_at) if expires_at is not None else 0
        query = {"variant": variant, "index": idx, "expires": expires}
        signature = self._signature(video_id, variant, idx, expires)
        return f"{base_url}/v1/videos/{video_id}/content?{urlencode(query)}&signature={signature}"

    def check(self, video_id: str, *, variant: str, idx: int, expires: int, signature: str, now: float) -> None:
        """Raises PermissionDenied(invalid_signature), or Gone once the link has expired."""
        if not hmac.compare_digest(self._signature(video_id, variant, idx, expires), signature):
            raise PermissionDenied(
                "signature: does not belong to this link; take the link from the video's metadata.url unchanged",
                code="invalid_signature",
                param="signature",
            )
        if expires and expires <= now:
            raise Gone("expires: this link has expired, and so has its file", param="expires")

    def _signature(self, video_id: str, variant: str, idx: int, expires: int) -> str:
        text = f"{video_id}\n{variant}\n{idx}\n{expires}"
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()
