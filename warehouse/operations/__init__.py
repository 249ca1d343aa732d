"""The stories of the floor: the only code that names two domains."""
