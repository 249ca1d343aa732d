"""What customs decides, and how long goods may stay: from the number to the last day."""
