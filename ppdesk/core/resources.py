"""Where the files that come with the program are: beside the package, inside a wheel, or frozen."""

from pathlib import Path


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder, for example ``resource("fonts")``."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "resources"
    root = inside if inside.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)
