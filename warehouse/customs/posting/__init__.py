"""Letters to customs and from it, and what is done while it is away."""
