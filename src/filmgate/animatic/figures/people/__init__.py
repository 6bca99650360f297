"""People, astronauts and robots."""
