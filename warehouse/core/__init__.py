"""The kernel: clock, keys, units of work, jobs, pages and paper.  It knows no warehouse noun."""
