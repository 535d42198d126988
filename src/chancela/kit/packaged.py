"""Files that travel inside the package, read the same from a checkout, a wheel or a zip."""

import csv
from collections.abc import Iterator
from importlib.resources import files


def packaged_bytes(name: str) -> bytes:
    """The content of `data/<name>`. FileNotFoundError when the package does not hold it."""
    return files("chancela").joinpath("data", *name.split("/")).read_bytes()


def packaged_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a CSV under `data/`: UTF-8, comma, header row. Every value is text, so that leading zeros stay."""
    return csv.DictReader(packaged_bytes(name).decode("utf-8").splitlines())


def packaged_names(folder: str, suffix: str) -> list[str]:
    """The names under `data/<folder>` that end in `suffix`, sorted, as `packaged_bytes` takes them."""
    entries = files("chancela").joinpath("data", *folder.split("/")).iterdir()
    return sorted(f"{folder}/{entry.name}" for entry in entries if entry.name.endswith(suffix))
