"""The window: PySide6, and the only room that imports it. Pages are made from Params."""
