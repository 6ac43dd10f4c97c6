"""Steps of the stage feedback."""
