"""The model catalogue: what each model can do and costs, and fitting a request to it.

One TOML per provider in `data/`; `loader` reads and checks them, `fit` turns what a client asked into what a model is
asked. Pure: no network, no clock, no randomness of its own.
"""
