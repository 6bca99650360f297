"""Settings that an upstream reads out of the prompt, such as "--dur 12".

They are taken out: a setting has one place, the request's own field, and only what stands there is checked and priced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# What may follow a flag and belongs to it: 12, -1, 2.5, 16:9, 1280x720, 720p, 4k, true. Any other word is the prompt's
# own. A word ends where no letter follows, so that the 12 of "12monkeys" stays where it is.
_NO_LETTER = r"(?![^\W\d_])"
_VALUE = rf"(?:-?[0-9]++(?:[.:x][0-9]++)*+[pk]?+|true|false|adaptive|keep_ratio){_NO_LETTER}"


def take_out_flags(prompt: str, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """`prompt` without the flags of these names, and the names that were found, in their order.

    A flag is two or more hyphens with one of the names right after them, in any case, with or without a value. Other
    hyphens are text: "a -- dash", "--- title" and "--durable" stay as they are.
    """
    if not names or "--" not in prompt:
        return prompt, ()
    any_name = "|".join(re.escape(name) for name in names)
    # A run of hyphens is tried once, as a whole: trying it from each of its hyphens would take quadratic time.
    flag = re.compile(rf"(?<!-)-{{2,}}+({any_name}){_NO_LETTER}(?:[\s=:]*{_VALUE})?", re.IGNORECASE)
    matches = list(flag.finditer(prompt))
    if not matches:
        return prompt, ()
    starts = [0, *(match.end() for match in matches)]
    ends = [*(match.start() for match in matches), len(prompt)]
    # What stood on both sides of a flag is kept apart, or it could become one: "--du--rs 4k r 5".
    kept = [prompt[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return " ".join(part for part in kept if part), tuple(dict.fromkeys(match[1].lower() for match in matches))
