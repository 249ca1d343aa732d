"""Who may do what: people, devices, partners' keys and the permission table."""
