"""The floor under crashes and races: short in the tests, long in scripts/soak.py."""
