"""Steps of the stage model."""
