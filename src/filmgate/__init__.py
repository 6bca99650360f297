"""Filmgate: the self-hosted server for POST /v1/videos."""

__version__ = "0.1.0"
