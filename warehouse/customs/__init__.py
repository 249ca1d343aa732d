"""Goods under customs control: declarations, releases, duty, guarantee."""
