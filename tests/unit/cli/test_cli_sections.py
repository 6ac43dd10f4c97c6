from ppdesk.cli.sections import columns, lines
from ppdesk.core.section import Section, Table


def test_a_long_text_is_wrapped_in_its_column_and_loses_no_word() -> None:
    said = "word " * 60 + "end"
    shown = list(columns([("Limit", "Sources"), ("k", said)]))
    assert max(map(len, shown)) <= 96
    assert " ".join(line.strip() for line in shown[2:]) == f"k      {said}"


def test_a_hash_is_never_broken() -> None:
    digest = "a" * 128
    assert any(digest in line for line in columns([("What", "SHA-256"), ("file", digest)]))


def test_a_very_long_name_does_not_push_the_other_columns_out_of_sight() -> None:
    shown = list(columns([("Column", "Type"), ("L" * 300, "integer"), ("a", "date")]))
    assert max(map(len, shown)) <= 96
    assert "".join(line.split()[0] for line in shown[2:-1]) == "L" * 300


def test_a_header_without_words_is_left_out() -> None:
    table = Table("How", ("", ""), (("Mechanism", "noise"),))
    assert list(lines(Section("Train", (table,))))[2:4] == ["How", "Mechanism  noise"]
