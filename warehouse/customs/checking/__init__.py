"""What is checked before anything is filed, and the rules of each warehouse for it."""
