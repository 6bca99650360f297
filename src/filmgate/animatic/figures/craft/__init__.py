"""Vehicles, and what people build."""
