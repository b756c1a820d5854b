"""Whether a source has the shape of ``profile.schema.json``: yes or no, fast. Why not is said by ``structure``."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

from sayso import spec


def has_shape(data: Any) -> bool:
    """Tell whether the data of a source has the shape that the schema describes.

    A no may be wrong, for what is no JSON, and is looked at again by ``structure``; a yes is a yes.
    """
    try:
        return bool(_validator().is_valid(data))
    except ValueError:  # a number without an end
        return False


@cache
def _validator() -> Any:
    return jsonschema_rs.Draft202012Validator(spec.schema("profile"))
