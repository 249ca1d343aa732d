"""The scan floor: one endpoint, one dialogue, one file for each task."""
