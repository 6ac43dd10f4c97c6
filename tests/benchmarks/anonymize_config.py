"""The configuration of the benchmark script: read, and refused by code where it has not the form it must."""

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ppdesk.core.errors import CodedError
from ppdesk.core.exits import Exit

_KEYS = {
    "table", "delimiter", "hierarchies", "quasi_identifiers", "sensitive", "k", "suppression_limit",
    "quality", "threads", "output", "models", "population",
}  # fmt: skip


class ConfigError(CodedError):
    """The configuration cannot be used: {reason}."""

    code = "PP-BENCH-001"
    exit = Exit.USAGE
    todo = "See --help for what it may say."


class UnknownModelError(ConfigError):
    """There is no {what}."""

    code = "PP-BENCH-002"


def read(path: Path) -> dict[str, Any]:
    """The configuration. ConfigError, UnknownModelError."""
    try:
        config = json.loads(path.read_text("utf-8"))
        missing = (
            {"table", "quasi_identifiers", "hierarchies"} | (set() if config.get("models") else {"k"})
        ) - config.keys()
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ConfigError(reason=str(error)) from None
    if missing:
        raise ConfigError(reason=f"{', '.join(sorted(missing))} missing")
    strange = config.keys() - _KEYS
    if strange:
        raise UnknownModelError(what=f"key or model {', '.join(sorted(strange))}")
    config = {"k": 1, "suppression_limit": 0.0, "delimiter": ";", "threads": 1, "quality": "loss"} | config
    wrong = next((what for what, right in _forms(config, path.parent) if not right()), None)
    if wrong:
        raise ConfigError(reason=wrong)
    return config


def _forms(config: dict[str, Any], folder: Path) -> Iterator[tuple[str, Callable[[], bool]]]:
    """(what is wrong, a test that it is not) of each key, in the order in which they can be tested."""

    def each(values: Any, kind: type) -> bool:
        return isinstance(values, list) and all(isinstance(one, kind) for one in values)

    def number(value: Any, least: float, most: float = math.inf) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most

    def model(one: Any) -> bool:
        return (
            isinstance(one, dict) and isinstance(one.get("model"), str)
            and isinstance(one.get("hierarchy", ""), str) and isinstance(one.get("numeric", False), bool)
            and each(one.get("order", []), str)
        )  # fmt: skip

    def models(asked: Any) -> bool:
        return all(map(model, asked)) if isinstance(asked, list) else model(asked)

    names, trees, out = config["quasi_identifiers"], config["hierarchies"], config.get("output")
    wanted, limit, k = config.get("sensitive"), config["suppression_limit"], config["k"]
    asked = config["quality"]
    settings = next(iter(asked.values()), None) if isinstance(asked, dict) and len(asked) == 1 else None
    weights = settings.get("weights", {}) if isinstance(settings, dict) else {}
    yield "table is a path", lambda: isinstance(config["table"], str)
    yield (
        "delimiter is one character",
        lambda: (
            isinstance(config["delimiter"], str)
            and (len(config["delimiter"].encode()) == 1 and config["delimiter"] not in '"\r\n')
        ),
    )
    yield "quasi_identifiers is a list of columns", lambda: each(names, str) and bool(names)
    yield "each quasi-identifier is named once", lambda: len(set(names)) == len(names)
    yield (
        "hierarchies has a path per column",
        lambda: isinstance(trees, dict) and (all(isinstance(one, str) for one in trees.values())),
    )
    yield (
        "sensitive has a model, or a list of models, per column",
        lambda: wanted is None or (isinstance(wanted, dict) and all(map(models, wanted.values()))),
    )
    yield "k is a whole number of at least 1", lambda: number(k, 1, 2**31) and k == int(k)
    yield "suppression_limit is a number from 0 to 1", lambda: number(limit, 0, 1)
    yield (
        "threads is a whole number of at least 1",
        lambda: number(config["threads"], 1, 2**31) and config["threads"] == int(config["threads"]),
    )
    yield (
        "quality is a name, or one name with its settings",
        lambda: isinstance(asked, str) or isinstance(settings, dict),
    )
    yield (
        "settings of quality are texts for aggregate and response, true or false for monotone, else numbers",
        lambda: all(
            isinstance(value, str) if key in {"aggregate", "response"}
            else isinstance(value, bool) if key == "monotone"
            else number(value, -math.inf) or key == "weights"
            for key, value in (settings or {}).items()
        ),
    )  # fmt: skip
    yield (
        "gs_factor is a number from 0 to 1",
        lambda: settings is None or number(settings.get("gs_factor", 0.5), 0, 1),
    )
    yield (
        "weights has a number of at least 0 per column",
        lambda: isinstance(weights, dict) and (all(number(one, 0) for one in weights.values())),
    )
    yield "models is a list of models", lambda: config.get("models") is None or each(config["models"], dict)
    people = config.get("population")
    yield (
        "population is a path, beside models",
        lambda: people is None or (isinstance(people, str) and bool(config.get("models"))),
    )
    yield (
        "output is a path in a folder that is there",
        lambda: (
            out is None
            or (isinstance(out, str) and (folder / out).parent.is_dir() and not (folder / out).is_dir())
        ),
    )
