"""What the panels of a board count beside completion: plans, movement, zero-risk reports, ledger, visits."""
