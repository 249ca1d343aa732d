"""What comes and goes: consignments, orders, shipments, parcel numbers."""
