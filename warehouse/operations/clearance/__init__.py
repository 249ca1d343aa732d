"""Into bond and out of it: declarations drafted, filed, answered, filed again."""
