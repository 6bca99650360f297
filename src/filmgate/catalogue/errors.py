"""The error of a catalogue file that is wrong."""

from __future__ import annotations

from filmgate.core.errors import FilmgateError


class CatalogueError(FilmgateError):
    """A catalogue file says something that cannot be. Raised at start only; the message names file, model and key."""

    def __init__(self, message: str, *, file: str, model: str | None = None, key: str | None = None) -> None:
        place = f"{file}: model {model!r}" if model else file
        super().__init__(f"{place}: {key}: {message}" if key else f"{place}: {message}")
        self.file = file
        self.model = model
        self.key = key
