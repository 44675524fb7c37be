"""`make shots`: a picture of every page for every role, and what a picture does not show."""
