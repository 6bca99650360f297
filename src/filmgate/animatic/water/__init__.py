"""Seas, lakes, rivers and what lies under water."""
