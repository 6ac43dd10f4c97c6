"""The accessible edition: what WCAG 2.2 asks of the markup, nothing from elsewhere, nothing lost."""

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from lxml import html as lxml_html  # type: ignore[import-untyped]  # lxml has no types

from ppdesk.core.canonical import sha256_hex
from ppdesk.core.palette import DARK, LIGHT, Palette
from ppdesk.core.section import Answer, Plot, Table, Words
from ppdesk.report.cited import Cited, Source
from ppdesk.report.document import Document, Endorsement, chapters, hashes_of, numbered
from ppdesk.report.figures import NAMES
from ppdesk.report.html.page import html_edition
from ppdesk.report.html.style import ROLES

EVIDENCE = b'{"format":"ppdesk-evidence-2"}'
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)> \x00\x1b\u202e &amp; ]]>"
VOID = {"meta", "br"}


def tree_of(page: bytes) -> Any:
    """The page as a browser reads it; a second, strict reading finds what a browser would mend."""
    strict_nesting(page.decode())
    return lxml_html.document_fromstring(page.decode())


def strict_nesting(page: str) -> None:
    """Every element is closed, in order."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.S).removeprefix("<!DOCTYPE html>")
    still: list[str] = []
    for closing, name in re.findall(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>", body):
        if closing:
            assert still.pop() == name
        elif name not in VOID:
            still.append(name)
    assert not still


@pytest.fixture(scope="module")
def page(document: Document) -> bytes:
    return html_edition(document, EVIDENCE)


@pytest.fixture(scope="module")
def tree(page: bytes) -> Any:
    return tree_of(page)


def test_the_same_document_gives_the_same_bytes(document_of: Callable[..., Document]) -> None:
    document = document_of(Words("A word."))
    assert html_edition(document, EVIDENCE) == html_edition(document, EVIDENCE)


def test_nothing_runs_and_nothing_comes_from_elsewhere(page: bytes, tree: Any) -> None:
    assert not tree.xpath(
        "//script | //iframe | //object | //embed | //form | //link | //base | //img | //use"
    )
    names = {name for one in tree.iter() if isinstance(one.tag, str) for name in one.attrib}
    assert not {name for name in names if name.startswith("on")}
    assert names.isdisjoint({"src", "style", "srcset", "formaction", "xlink:href"})
    assert all(one.startswith("#") for one in tree.xpath("//@href"))
    assert b"url(http" not in page
    assert b"@import" not in page


def test_its_own_policy_allows_its_own_style_sheet_and_nothing_else(page: bytes, tree: Any) -> None:
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style = re.search(rb"<style>(.*?)</style>", page, re.S)
    assert style is not None
    pin = b64encode(sha256(style.group(1)).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{pin}'" in policy
    assert "script" not in policy


def test_names_language_title_and_what_identifies_it(page: bytes, tree: Any, document: Document) -> None:
    named = {one.get("name"): one.get("content") for one in tree.xpath("//meta[@name]")}
    assert tree.get("lang") == "en"
    assert tree.xpath("string(//title)") == "Privacy report – A small project"
    assert named["ppdesk:evidence"] == sha256_hex(EVIDENCE)
    assert named["ppdesk:head"] == document.head_hash
    text = tree.text_content()
    assert sha256_hex(EVIDENCE) in text
    assert document.head_hash in text
    assert "This page bears no signature." in text


def test_headings_go_down_by_one_and_stand_in_the_contents(tree: Any) -> None:
    levels = [int(one.tag[1]) for one in tree.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    inside = {one.get("id") for one in tree.xpath("//main//h2 | //main//section[h3/@id]/h3[@id]")}
    assert {one[1:] for one in tree.xpath("//nav//@href")} == inside


def test_ids_are_unique_and_everything_referred_to_is_there(tree: Any) -> None:
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    wanted = {one[1:] for one in tree.xpath("//@href")}
    wanted |= {name for one in tree.xpath("//@aria-labelledby | //@aria-describedby") for name in one.split()}
    wanted |= set(re.findall(r"url\(#(\w+)\)", " ".join(tree.xpath("//@clip-path"))))
    assert wanted <= set(ids)


def test_a_keyboard_reaches_the_content_first(tree: Any) -> None:
    first = tree.xpath("//body//a")[0]
    assert first.get("class") == "skip"
    target = tree.get_element_by_id(first.get("href")[1:])
    assert target.tag == "main"
    assert target.get("tabindex") == "-1"
    assert len(tree.xpath("//main")) == 1
    assert [len(tree.xpath(f"//{one}")) for one in ("header", "nav[@aria-labelledby]", "footer")] == [1, 1, 1]


def test_tables_name_their_columns_and_rows(tree: Any) -> None:
    for one in tree.xpath("//table"):
        assert one.xpath("string(caption)").strip()
        assert all(cell.get("scope") == "col" for cell in one.xpath("thead//th"))
        assert all(cell.get("scope") == "row" for cell in one.xpath("tbody//th"))
        assert not one.xpath(".//th[not(normalize-space())]")
        widths = {len(row) for row in one.xpath(".//tr")}
        assert len(widths) == 1


def test_every_chart_is_an_image_with_words_and_with_all_its_values(
    tree: Any, plots: dict[str, Plot]
) -> None:
    pictures = tree.xpath("//figure/svg")
    assert len(pictures) == len(NAMES) == len(plots)
    for one in pictures:
        title, description = (tree.get_element_by_id(name) for name in one.get("aria-labelledby").split())
        assert one.get("role") == "img"
        assert (title.tag, description.tag) == ("title", "desc")
        assert title.text
        assert len(description.text) > 20
        assert one.getparent().xpath(".//table//td")
    text = tree.text_content()
    for value in ("0.125", "15,512", "native-country", "17 to 25", "12,006", "4,555"):
        assert value in text


def test_tone_is_said_in_words_and_not_only_in_colour(tree: Any) -> None:
    told = [one.xpath("string(.//strong)") for one in tree.xpath("//div[@role='note']")]
    assert told == ["In order:", "Caution:", "Risk:", "Note:"]


def test_a_table_too_wide_for_a_telephone_can_be_scrolled_by_keyboard(
    document_of: Callable[..., Document],
) -> None:
    wide = Table("Wide", [f"Heading{number}" for number in range(8)], [["value"] * 8])
    small = Table("Small", ("What", "Value"), (("k", "5"),))
    tree = tree_of(html_edition(document_of(wide, small), EVIDENCE))
    [scrolled] = tree.xpath("//div[@tabindex='0']")
    assert "Wide" in tree.get_element_by_id(scrolled.get("aria-labelledby")).text_content()


def test_what_it_shows_cannot_become_markup(document_of: Callable[..., Document]) -> None:
    document = document_of(
        Words(HOSTILE, "risk"),
        Table(HOSTILE, (HOSTILE, "b"), ((HOSTILE, HOSTILE),), caption=HOSTILE),
        Answer(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        Plot(HOSTILE, "drift", {"columns": [HOSTILE], "psi": [0.1], "limit": 0.2}, HOSTILE),
    )
    cover = replace(document.cover, title=HOSTILE, subtitle=HOSTILE, facts=((HOSTILE, HOSTILE),))
    page = html_edition(replace(document, cover=cover, stamp=HOSTILE, project_id=HOSTILE), EVIDENCE)
    tree = tree_of(page)
    assert not tree.xpath("//script | //img")
    assert not {"\x00", "\x1b", "\u202e"} & set(page.decode())


def test_a_question_nobody_answered_is_a_blank_in_words(document_of: Callable[..., Document]) -> None:
    document = document_of(
        Answer("Is it necessary?", clause="Art. 35(7)(b) GDPR", help="Say why."),
        Answer("Who was asked?", "The works council.\n\nIt agreed.", "Ines Duarte, DPO"),
    )
    blank, given = tree_of(html_edition(document, EVIDENCE)).xpath("//section[@class='answer']")
    assert "Still blank" in blank.text_content()
    assert "Art. 35(7)(b) GDPR" in blank.text_content()
    assert [one.text for one in given.xpath("blockquote/p")] == ["The works council.", "It agreed."]
    assert "Still blank" not in given.text_content()


def test_each_table_says_which_events_its_values_come_from(document_of: Callable[..., Document]) -> None:
    cell = Cited("5", [Source(12, "/facts/k"), Source(0, "/spent_epsilon")])
    document = document_of(Table("Limits", ("What", "Found"), (("k", cell),)))
    hashes = hashes_of(document.parts, [(12, "7be291d044af" + "0" * 52)])
    tree = tree_of(html_edition(replace(document, event_hashes=hashes), EVIDENCE))
    [told] = tree.xpath("//p[@class='source']")
    assert told.text_content() == "From: the budget, over all events, event 12 (7be2 91d0 44af)"


def test_words_in_another_language_are_marked(document_of: Callable[..., Document]) -> None:
    document = document_of(Table("Limits", ("What", "Found"), (("k", "5"),)), Words("Careful.", "caution"))
    german = numbered(
        [
            replace(part, chapters=tuple(replace(one, language="en") for one in part.chapters))
            for part in document.parts
        ],
        "de",
    )
    tree = tree_of(html_edition(replace(document, parts=german, language="de"), EVIDENCE))
    quoted = tree.xpath("//main/section/section[@lang='en']")
    assert len(quoted) == len(list(chapters(german)))
    assert tree.get("lang") == "de"
    [label] = tree.xpath("//caption//span[@lang='de']")
    assert label.text == "Tabelle 1"
    assert "Caution:" in tree.text_content()  # in the language of what it stands in
    assert "Zum Inhalt springen" in tree.text_content()


def test_drafts_endorsements_and_blanks_are_told(document_of: Callable[..., Document]) -> None:
    document = document_of()
    given = Endorsement(
        9, "ab" * 32, "Ines Duarte", "DPO", "objected", "Too early.", "2026-01-01T02:00:00.000Z", "AB12 CD34"
    )
    draft = replace(document, draft=True, signing=replace(document.signing, endorsements=(given,)))
    text = tree_of(html_edition(draft, EVIDENCE)).text_content()
    for told in ("Draft, not signed", "Import: retention (event 2)", "Ines Duarte", "objected", "Too early."):
        assert told in text


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(palette: Palette) -> None:
    on_surface = ("text", "text2", "text3", "accent", "risk", "ok", "caution", "decide")
    pairs = [(one, ground) for one in on_surface for ground in ("surface",)]
    pairs += [(one, f"{one}_soft") for one in ("accent", "ok", "caution", "risk", "decide")]
    pairs += [("text", f"{one}_soft") for one in ("accent", "ok", "caution", "risk")] + [("text2", "sunken")]
    for text, ground in pairs:
        assert {text, ground} <= set(ROLES)
        assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5, (text, ground)
    for drawn in ("edge", "focus", "c0", "c1", "c2", "c3", "c4", "c5", "decide"):
        assert contrast(getattr(palette, drawn), palette.surface) >= 3.0, drawn


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours ``#RRGGBB``."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        lines = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * lines[0] + 0.7152 * lines[1] + 0.0722 * lines[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_charts_change_with_the_theme_and_paper_stays_light(page: bytes) -> None:
    style = re.search(rb"<style>(.*?)</style>", page, re.S)
    assert style is not None
    told = style.group(1).decode()
    light, dark = told.index(":root{"), told.index("@media screen and (prefers-color-scheme:dark)")
    assert light < dark
    assert LIGHT.c2.lower() in told[light:dark].lower()
    assert DARK.c2.lower() in told[dark:].lower()
    classes = set(re.findall(rb'class="(?:[^"]* )?(?:f|s)-(k\d+)', page))
    assert classes <= set(re.findall(rb"--(k\d+):", style.group(1)))
