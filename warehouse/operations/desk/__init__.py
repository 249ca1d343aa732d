"""What the customs desk and the officers look at: pages and JSON across the books."""
