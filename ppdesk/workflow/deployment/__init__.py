"""Steps of the stage deployment."""
