"""Animals on four legs."""
