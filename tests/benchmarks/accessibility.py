"""Writes the accessible edition of every document in every language, to be looked at by a browser.

    python tests/benchmarks/accessibility.py FOLDER
    cd FOLDER && npm install axe-core puppeteer-core && node .../tests/benchmarks/accessibility.mjs *.html

The second line needs Node.js and Chromium, which the tests do not: axe-core goes through the rules of WCAG
2.0 to 2.2, A and AA, in light and dark, at 1,100 and 320 pixels, and exits 1 where one is broken.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from ppdesk.report.html.page import html_edition
from ppdesk.report.tongue import Language
from ppdesk.workflow.reporting.documents.kinds import DocumentKind

TESTS = Path(__file__).resolve().parents[1]


def main(folder: Path) -> None:
    """Every page as ``<document>.<language>.html``."""
    documents, shared = module("data/documents/make.py"), module("conftest.py")
    for kind in DocumentKind:
        for language in Language:
            document = documents.document(kind, shared.Frozen(), language=language)
            page = html_edition(document, b"{}")
            (folder / f"{kind.value}.{language.value}.html").write_bytes(page)
            sys.stdout.write(f"{kind.value:20} {language.value}  {len(page):>9,} bytes\n")


def module(path: str) -> Any:
    """A file of the tests as a module."""
    spec = spec_from_file_location(path.replace("/", "_").removesuffix(".py"), TESTS / path)
    assert spec is not None
    assert spec.loader is not None
    found = module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
