"""Trees, grass and undergrowth."""
