"""Skies, clouds, stars and planets."""
