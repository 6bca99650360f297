"""What falls, drifts and glows in the air."""
