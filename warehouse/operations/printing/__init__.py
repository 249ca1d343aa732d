"""Papers and labels: gathered from the books, printed, kept, handed out."""
