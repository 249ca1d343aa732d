"""Parties, goods, units, tariff and exchange rates: what the domains look up."""
