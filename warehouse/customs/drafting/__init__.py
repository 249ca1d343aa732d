"""Declarations of every procedure, drafted from goods."""
