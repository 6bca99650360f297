"""The words of the field as types: videos, requests, providers, errors. Pure: no I/O, no clock, no randomness."""
