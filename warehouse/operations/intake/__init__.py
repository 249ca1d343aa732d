"""What partners send: consignments, files, orders."""
