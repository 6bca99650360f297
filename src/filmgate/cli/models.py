"""`filmgate models`: what there is to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from filmgate.cli.options import ApiKey, Json, Url
from filmgate.cli.output import note, say_json, show_facts, show_table
from filmgate.cli.outside import Outside, outside_of

if TYPE_CHECKING:
    from filmgate.cli.api_client import JsonObject

_MOST_LISTED = 3
_PRICE_UNITS = {"usd_per_second": "s", "usd_per_clip": "clip", "usd_per_million_tokens": "1M tokens"}


def models(
    ctx: typer.Context,
    model_id: Annotated[str | None, typer.Argument(metavar="ID", help="Show everything about this one.")] = None,
    url: Url = None,
    api_key: ApiKey = None,
    as_json: Json = False,
) -> None:
    """List the models with their limits and prices.

    Without --url and --api-key it shows the catalogue of this installation.
    """
    is_local = url is None and api_key is None
    found = _from_installation(model_id) if is_local else _from_server(model_id, url, api_key, outside_of(ctx))
    if as_json:
        say_json(found)
    elif model_id is not None:
        show_facts(_details(found))
    else:
        _show(found["data"], with_availability=not is_local)
    if is_local and not as_json:
        note("From the catalogue of this installation; a server says what is available on it (FILMGATE_API_KEY)")


def _from_server(model_id: str | None, url: str | None, api_key: str | None, outside: Outside) -> JsonObject:
    from filmgate.cli.api_client import connect

    with connect(url, api_key, outside) as api:
        return api.call("GET", "/v1/models" if model_id is None else f"/v1/models/{model_id}")


def _from_installation(model_id: str | None) -> JsonObject:
    """The same shape, with `available` unknown: no server was asked."""
    from filmgate.catalogue.describe import describe
    from filmgate.catalogue.loader import load_catalogue
    from filmgate.catalogue.model import ModelEntry

    def model_object(entry: ModelEntry) -> JsonObject:
        filmgate = {**describe(entry), "available": None, "unavailable_reason": None}
        return {"id": entry.id, "object": "model", "created": 0, "owned_by": entry.provider, "filmgate": filmgate}

    catalogue = load_catalogue()
    if model_id is not None:
        return model_object(catalogue.get(model_id))
    return {"object": "list", "data": [model_object(entry) for entry in catalogue.entries()]}


def _show(found: list[JsonObject], *, with_availability: bool) -> None:
    columns = ["id", "provider", *(["available"] if with_availability else []), "seconds", "price", "sizes"]
    rows: list[list[object]] = []
    for model in found:
        facts = model["filmgate"]
        available = [_available(facts)] if with_availability else []
        seconds = _allowed(facts["durations_seconds"])
        rows.append([model["id"], facts["provider"], *available, seconds, _price(facts["price"]), _sizes(facts)])
    show_table(columns, rows)


def _details(model: JsonObject) -> dict[str, object]:
    facts = model["filmgate"]
    limits = facts["limits"]
    price = facts["price"]
    shown: dict[str, object] = {
        "id": model["id"],
        "title": facts["title"],
        "provider": facts["provider"],
        "aliases": ", ".join(facts["aliases"]) or None,
        "available": _available(facts, with_reason=True),
        "retires": facts["retires_on"],
        "use instead": facts["successor"],
        "modes": ", ".join(facts["modes"]),
        "seconds": _allowed(facts["durations_seconds"]),
        "sizes": _sizes(facts, most=99),
        "resolutions": ", ".join(facts["resolutions"] or ()) or None,
        "aspect ratios": ", ".join(facts["aspect_ratios"] or ()) or None,
        "fps": _allowed(facts["fps"] or facts["native_fps"]),
        "sound": facts["audio"],
        "seed": "yes" if facts["seed"] else "no",
        "clips (n)": f"up to {limits['n_max']}",
        "prompt": f"up to {limits['prompt_max_characters']} characters" if limits["prompt_max_characters"] else None,
    }
    for number, row in enumerate(price["rows"]):
        shown["price" if number == 0 else f"price {number + 1}"] = _price_row(row)
    if not price["rows"]:
        shown["price"] = price["kind"]
    return {
        **shown,
        "price source": price["source"],
        "checked on": price["checked_on"],
        "verified by": facts["verified"],
    }


def _allowed(values: Any) -> str | None:
    """A list of values, or bounds with a step."""
    if isinstance(values, dict):
        span = cast("JsonObject", values)
        step = f" in steps of {span['step']:g}" if span.get("step") not in (None, 1) else ""
        return f"{span['min']:g} to {span['max']:g}{step}"
    if isinstance(values, list):
        return ", ".join(f"{value:g}" for value in cast("list[float]", values))
    return f"{values:g}" if values is not None else None


def _sizes(facts: JsonObject, most: int = _MOST_LISTED) -> str | None:
    sizes: Any = facts["sizes"]
    if isinstance(sizes, dict):
        return f"any, {sizes['min_px']} to {sizes['max_px']} px a side"
    if not sizes:
        return None
    more = f" +{len(sizes) - most}" if len(sizes) > most else ""
    return ", ".join(sizes[:most]) + more


def _price(price: JsonObject) -> str:
    """The cheapest row, as the table has room for one."""
    start = "from " if len(price["rows"]) > 1 else ""
    for key, unit in _PRICE_UNITS.items():
        if amounts := [row[key] for row in price["rows"] if key in row]:
            return f"{start}${min(amounts):g}/{unit}"
    return str(price["kind"])


def _price_row(row: JsonObject) -> str:
    amount = " + ".join(f"${row[key]:g}/{unit}" for key, unit in _PRICE_UNITS.items() if key in row)
    conditions = {name: value for name, value in row.items() if not name.startswith("usd_")}
    told = ", ".join(f"{name.replace('_', ' ')} {_condition(value)}" for name, value in conditions.items())
    return f"{amount} ({told})" if told else amount


def _condition(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "/".join(str(item) for item in cast("list[object]", value))
    return _allowed(value) or "-" if isinstance(value, dict) else str(value)


def _available(facts: JsonObject, *, with_reason: bool = False) -> str | None:
    if facts["available"] is None:
        return None
    if facts["available"]:
        return "yes"
    return f"no: {facts['unavailable_reason']}" if with_reason else "no"
