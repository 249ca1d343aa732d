"""What goods owe: reckoned, suspended, guaranteed, paid, written off."""
