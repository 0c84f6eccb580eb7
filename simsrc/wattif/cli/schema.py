"""``wattif schema``: the JSON Schema of study files."""

from __future__ import annotations

from wattif.cli.terminal import show_json


def schema() -> None:
    """Print the JSON Schema of study files, for editors.

    An editor that knows TOML schemas checks and completes a study whose first line is
    `#:schema wattif.schema.json`; `wattif init` writes both.
    """
    from wattif.language.schema import json_schema

    show_json(json_schema())
