"""`filmgate animatic`: look at what the embedded model makes of prompts, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from filmgate.cli.exits import usage_error
from filmgate.cli.output import note, say, say_json

animatic_app = typer.Typer(no_args_is_help=True, help="Look at what the embedded model makes of prompts.")


@animatic_app.command("read")
def read_prompt(
    prompt: Annotated[str, typer.Argument(help="English, Chinese, or both.")],
    duration: Annotated[float, typer.Option(min=0.5, max=60, help="Seconds; they bound the number of shots.")] = 5.0,
    negative_prompt: Annotated[str | None, typer.Option(help="What to leave out.")] = None,
    style: Annotated[str | None, typer.Option(help="A look, such as watercolour.")] = None,
    camera: Annotated[str | None, typer.Option(help="A move, such as orbit.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides what unknown prompts become.")] = 0,
) -> None:
    """Say how a prompt is understood, as JSON: the same that `metadata.filmgate.understood` says of a video."""
    from filmgate.animatic.language.parse import Wishes, parse_shots

    shots = parse_shots(prompt, duration, Wishes(negative_prompt, style, camera, seed))
    say_json([{"share": round(shot.share, 3), **shot.reading.to_dict()} for shot in shots])


@animatic_app.command("sheet")
def contact_sheet(
    output: Annotated[Path, typer.Argument(help="Stills as .jpg or .png, motion as .webp or .gif.")],
    prompts: Annotated[
        Path | None, typer.Option(help="A text file with a prompt a line. Default: the prompts of this package.")
    ] = None,
    prompt: Annotated[list[str] | None, typer.Option(help="One prompt; may be given again.")] = None,
    columns: Annotated[int, typer.Option(min=1, max=16)] = 4,
    width: Annotated[int, typer.Option(min=64, max=1920, help="Of one tile, in pixels; its shape is 16:9.")] = 480,
    at: Annotated[float, typer.Option(min=0, max=1, help="Which moment of the clip, 0 to 1.")] = 0.6,
    seed: Annotated[int, typer.Option(min=0)] = 7,
    labels: Annotated[bool, typer.Option("--labels/--no-labels", help="Write each prompt under its tile.")] = True,
) -> None:
    """Draw many prompts side by side into one picture."""
    import cv2

    from filmgate.animatic.sheet import SheetSpec, read_prompts, shipped_prompts, write_sheet

    cv2.setNumThreads(1)  # tiles are drawn in parallel already
    wanted = prompt or (read_prompts(_text_of(prompts)) if prompts else shipped_prompts())
    spec = SheetSpec(
        columns=min(columns, max(1, len(wanted))),
        tile_width=width // 2 * 2,
        tile_height=max(36, width * 9 // 16 // 2 * 2),
        at=at,
        seed=seed,
        labels=labels,
    )
    write_sheet(wanted, output, spec, progress=lambda done: note(f"{done} of {len(wanted)}"))
    say(str(output))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise usage_error(f"{path}: {error}") from error
