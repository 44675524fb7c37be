"""Training: sessions, who comes, the short test, the one standard, the library of materials."""
