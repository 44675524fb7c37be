"""`make bench`: what the figures and pages cost at the size of the pilot city, as ratios within one run."""
