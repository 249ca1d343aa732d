"""Who may change a declaration, when, and how its versions differ."""
