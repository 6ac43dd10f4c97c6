"""Checks as a pandera schema, for those who validate batches elsewhere: as Python, or as YAML.

The Python form holds every check with the meaning it has here. The YAML form holds what pandera can write in
YAML: that there is a value, bounds, categories, patterns, keys. Neither needs pandera to be written.
"""

from collections.abc import Sequence

from ppdesk.core.cell_numbers import DecimalMark
from ppdesk.core.resources import resource
from ppdesk.data.clean.expression import Among, Column, Compare, IsMissing, Join, Matches, Node, Not
from ppdesk.data.clean.expression import parse as parsed
from ppdesk.data.quality.checks import Check, Rule

_JOINT = (Rule.UNIQUE, Rule.DETERMINES, Rule.HOLDS)  # of the whole table, not of a column alone
_INTEGER = r"\s*[+-]?[0-9]+\s*"
_NUMERIC = (Rule.BOUNDS, Rule.NUMBER)


def to_python(checks: Sequence[Check], decimal: DecimalMark, missing: Sequence[str], version: str) -> str:
    """A Python module whose SCHEMA holds every check. `missing`: the texts that stand for no value."""
    runtime = resource("schema", "pandera_checks.txt").read_text(encoding="utf-8")
    lines = [
        f"# Checks that a table must pass, written by ppdesk {version}. Read the table as text:",
        f"#   rows = pd.read_csv(FILE, dtype=str, keep_default_na=False, na_values={_ascii(list(missing))})",
        "#   SCHEMA.validate(rows, lazy=True)",
        "",
        runtime.replace("MARK", decimal.sign).rstrip(),
        "",
        "",
        "SCHEMA = pa.DataFrameSchema(",
    ]
    lines.append("    columns={")
    for name in _names(checks):
        own = [check for check in checks if check.columns == (name,) and check.rule not in _JOINT]
        nullable = all(check.rule is not Rule.PRESENT for check in own)
        lines.append(f"        {_ascii(name)}: pa.Column(nullable={nullable}, checks=[")
        lines += [
            f"            pa.Check({_judge(check)}, element_wise=True, error={_ascii(check.words())}),"
            for check in own
            if check.rule is not Rule.PRESENT
        ]
        lines.append("        ]),")
    lines += ["    },", "    checks=["]
    lines += [
        f"        pa.Check({_of_table(check)}, ignore_na=False, error={_ascii(check.words())}),"
        for check in checks
        if check.rule in _JOINT
    ]
    return "\n".join([*lines, "    ],", ")", ""])


def to_yaml(checks: Sequence[Check], decimal: DecimalMark, version: str) -> tuple[str, list[Check]]:
    """(the schema as YAML, the checks that it cannot hold). Columns with a check of numbers are read as
    floating numbers, the others as the text they are."""
    left = [check for check in checks if not _in_yaml(check, checks, decimal)]
    held = [check for check in checks if check not in left]
    lines = [
        f"# Checks that a table must pass, written by ppdesk {version}.",
        "# Read the table as text: pandas.read_csv(FILE, dtype=str, keep_default_na=False, na_values=[...])",
        *(f"# Not held here: {_ascii(check.words())}" for check in left),
        "schema_type: dataframe",
        "api: pandas",
        "columns:",
    ]
    for name in _names(checks):
        lines += [f"  {_scalar(name)}:", *_column(name, held)]
    joint = [check for check in held if check.rule is Rule.UNIQUE and len(check.columns) > 1]
    if joint:
        lines += ["unique:", *(f"- {_scalar(name)}" for name in joint[0].columns)]
    return "\n".join([*lines, ""]), left


def _names(checks: Sequence[Check]) -> list[str]:
    return list(dict.fromkeys(name for check in checks for name in check.columns))


def _in_yaml(check: Check, checks: Sequence[Check], decimal: DecimalMark) -> bool:
    """Whether the YAML form can hold `check` beside the others."""
    if check.rule is Rule.PRESENT:
        return True
    if check.rule is Rule.UNIQUE:
        joint = [one for one in checks if one.rule is Rule.UNIQUE and len(one.columns) > 1]
        return len(check.columns) == 1 or check is joint[0]
    numeric = any(one.rule in _NUMERIC and one.columns == check.columns for one in checks)
    if check.rule in _NUMERIC:
        return decimal is DecimalMark.POINT
    as_text = not numeric or decimal is not DecimalMark.POINT
    return as_text and check.rule in (Rule.CATEGORIES, Rule.PATTERN, Rule.INTEGER)


def _column(name: str, held: Sequence[Check]) -> list[str]:
    own = [check for check in held if check.columns == (name,)]
    said = []
    if any(check.rule in _NUMERIC for check in own):
        said += ["dtype: float64", "coerce: true"]
    if all(check.rule is not Rule.PRESENT for check in own):
        said.append("nullable: true")
    if any(check.rule is Rule.UNIQUE for check in own):
        said.append("unique: true")
    lows = [check.low for check in own if check.low is not None]
    highs = [check.high for check in own if check.high is not None]
    if lows:
        said.append(f"greater_than_or_equal_to: {max(lows)!r}")
    if highs:
        said.append(f"less_than_or_equal_to: {min(highs)!r}")
    lists = [check.values for check in own if check.rule is Rule.CATEGORIES]
    if lists:
        both = [value for value in lists[0] if all(value in other for other in lists)]
        said += ["isin:", *(f"- {_scalar(value)}" for value in both)] if both else ["isin: []"]
    patterns = [_pattern(check) for check in own if check.rule in (Rule.PATTERN, Rule.INTEGER)]
    if patterns:
        ahead = "".join(rf"(?={one}\Z)" for one in patterns)
        said.append(f"str_matches: {_scalar('^' + ahead)}")
    return [f"    {line}" for line in said]


def _pattern(check: Check) -> str:
    """For Python's re, with the meaning that RE2 gives it: letters and digits of ASCII."""
    return f"(?a:{_INTEGER if check.rule is Rule.INTEGER else check.pattern})"


def _judge(check: Check) -> str:
    match check.rule:
        case Rule.BOUNDS:
            low, high = (_real(check.low, "-"), _real(check.high, ""))
            return f"between({low}, {high})"
        case Rule.NUMBER:
            return "is_number"
        case Rule.DATE:
            return "is_date"
        case Rule.RECENT:
            return f"recent({check.days!r})"
        case Rule.CATEGORIES:
            return f"one_of({', '.join(_ascii(value) for value in check.values)})"
        case _:
            return f"matches({_ascii(_pattern(check))})"


def _of_table(check: Check) -> str:
    if check.rule is Rule.UNIQUE:
        return f"unique({', '.join(_ascii(name) for name in check.columns)})"
    if check.rule is Rule.DETERMINES:
        return f"determines({_ascii(list(check.columns[:-1]))}, {_ascii(check.columns[-1])})"
    return f"holds(lambda row: {_expression(parsed(check.expression))})"


def _expression(node: Node) -> str:
    """The expression as calls of the module's own functions."""
    match node:
        case Compare(mark, Column(left), Column(right)):
            said = f"columns({mark!r}, row[{_ascii(left)}], row[{_ascii(right)}])"
        case Compare():
            said = f"compare({node.mark!r}, {_term(node.left)}, {_term(node.right)})"
        case Among(column, values):
            said = f"among({_term(column)}, {_ascii(list(values))})"
        case Matches(column, pattern):
            said = f"found({_term(column)}, {_ascii(f'(?a:{pattern})')})"
        case IsMissing(column):
            said = f"({_term(column)} is None)"
        case Not(inner):
            said = f"negate({_expression(inner)})"
        case Join(word, parts):
            each = ", ".join(_expression(part) for part in parts)
            said = f"{'every' if word == 'and' else 'some'}({each})"
    return said


def _term(term: Column | float | str) -> str:
    return f"row[{_ascii(term.name)}]" if isinstance(term, Column) else _ascii(term)


def _real(value: float | None, sign: str) -> str:
    return f'float("{sign}inf")' if value is None else repr(value)


def _ascii(value: object) -> str:
    """A Python literal that no sign of another alphabet can disturb."""
    return ascii(value)


def _scalar(text: str) -> str:
    """A YAML double-quoted scalar. Signs outside ASCII are escaped as YAML wants them, not as JSON does."""
    plain = (
        one if one.isascii() and one.isprintable() and one not in '"\\' else _escaped(one) for one in text
    )
    return f'"{"".join(plain)}"'


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"
