"""Who is to do what, and by when: pieces of work, waves and their channels."""
