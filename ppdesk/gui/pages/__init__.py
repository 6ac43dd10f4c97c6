"""What fills the window: the start screen and the page of a step."""
