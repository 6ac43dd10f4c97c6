"""Steps of the stage objectives."""
