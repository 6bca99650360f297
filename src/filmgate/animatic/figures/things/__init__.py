"""Plants that stand alone, lights in the air, and things on tables."""
