"""Clips that begin or end with given pictures."""
