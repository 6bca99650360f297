"""Prompts to readings: the lexicon and everything that reads with it."""
