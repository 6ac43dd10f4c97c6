"""The parts of the data protection impact assessment."""
