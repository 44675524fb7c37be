"""The panels of the board; each module registers its own (see registry.py on how to add one)."""

from review.interfaces.panels import completeness, places, ranking, today, visits, zero_risk
