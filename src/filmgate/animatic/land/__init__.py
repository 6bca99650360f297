"""Mountains, plains, deserts and what is grown on them."""
