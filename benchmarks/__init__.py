"""How fast the hot paths are, each next to its limit on the same machine in the same run."""
