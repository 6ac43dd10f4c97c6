"""Attacks on tables beside their reference implementations: one table of all cases.

    python tests/benchmarks/assess.py [--peers-python PATH] [--rows N] [--attacks N] [--largest 3 9] [--json]

Runs the cases of `assess_anonymeter.py` (Anonymeter, by the Python at PATH) and of `assess_suda.py` (suda,
found by this Python) on the Adult sample. Without a peer only our time is told. What is timed, and what must
agree, is told in those two scripts. The peers lie outside the program's environment:

    python -m venv /tmp/anonymeter && /tmp/anonymeter/bin/pip install anonymeter==1.1.0
    pip install --no-deps --target /tmp/suda suda==0.2.2
    PYTHONPATH=/tmp/suda python tests/benchmarks/assess.py --peers-python /tmp/anonymeter/bin/python
"""

import argparse
import json
from pathlib import Path
from typing import Any

import assess_anonymeter
import assess_suda

_SHOWN = ("case", "ours_s", "peer", "peer_s", "ratio", "agrees")


def agreement(one: dict[str, Any]) -> str:
    """Whether both found the same, in words; empty where there is no peer."""
    said = [one[name] for name in ("within", "agree", "same_smallest", "same_uniques") if name in one]
    return "" if not said else "yes" if all(said) else "no"


def shown(found: list[dict[str, Any]]) -> list[str]:
    """A table in Markdown."""
    rows = [[str({**one, "agrees": agreement(one)}.get(name, "")) for name in _SHOWN] for one in found]
    lines = [_SHOWN, ["---"] * len(_SHOWN), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def main() -> int:
    """The script."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers-python", type=Path)
    parser.add_argument("--attacks", type=int, default=1_000)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--largest", type=int, nargs="+", default=[3])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = assess_anonymeter.cases(asked.peers_python, asked.attacks, asked.rows)
    found += assess_suda.cases(asked.rows, asked.largest)
    for line in [json.dumps(one) for one in found] if asked.json else shown(found):
        print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
