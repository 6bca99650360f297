"""Upstreams that misbehave on demand: one for each vendor, written from its documents and not from our adapters."""
