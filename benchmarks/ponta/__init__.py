"""End to end: a whole platform of real processes, driven over HTTP as customers do, watched from outside."""
