"""A small table is no reason to recommend less than the standard asks for."""

from ppdesk.workflow.data.configure_options import asked, options

ROLES = {"unit": "record", "columns": [{"name": "age", "role": "quasi-identifier"}]}


def test_what_is_called_required_never_asks_for_less_than_the_standard() -> None:
    listed = options(asked(ROLES, {"k_min": 11, "suppression_max": 0.1}), 6)
    assert {one.k for one in listed if one.required} == {11}, "no solution is the honest answer"
    assert {one.k for one in options(asked(ROLES, {}), 1)} == {5}
