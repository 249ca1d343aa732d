"""Goods in bond besides orders: held, counted, missing, sent another way, transferred, returned."""
