"""Goods in bond besides orders: other ways out, transfers, returns."""
