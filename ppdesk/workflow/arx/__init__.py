"""From a project of ARX to a data dictionary, hierarchies and a recipe that say the same."""
