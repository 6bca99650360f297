"""Guarded HTTP: every URL that a client or a provider hands us is fetched through here."""
