"""Steps of the stage reporting."""
