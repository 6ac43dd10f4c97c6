"""Steps of the stage data."""
