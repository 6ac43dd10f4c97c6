"""What a person reads where an operation is misspelt."""

import pytest

from ppdesk.core.errors import InvalidParamsError
from ppdesk.core.params import parse
from ppdesk.workflow.data.clean_params import CleanParams


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({"op": "trimm"}, "op is one of trim, case, "),
        ({"columns": "age"}, "op is needed"),
        ({"op": "rule", "holds": "a <= b or b missing"}, '"in" is expected'),
    ],
)
def test_the_message_has_no_programmers_words(operation, reason):
    with pytest.raises(InvalidParamsError) as raised:
        parse(CleanParams, {"operations": [operation]}, step="clean")
    assert reason in raised.value.message
    assert "tag" not in raised.value.message
