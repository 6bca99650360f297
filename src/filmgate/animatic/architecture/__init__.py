"""What towns are built of: towers, street fronts, houses, and the lights in them."""
