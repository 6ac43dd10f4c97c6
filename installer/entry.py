"""The frozen program's first line: which of the two programs was started decides which runs."""

import sys
from pathlib import Path

from ppdesk.__main__ import gui_main, main

if __name__ == "__main__":
    sys.exit(gui_main() if Path(sys.argv[0]).stem.endswith("-gui") else main())
