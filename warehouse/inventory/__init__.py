"""What is where: locations, lots, movements, balances, reservations."""
