"""The demo city: invented units, people and reports, the same for the same seed and day.

It is the one place besides the executor that writes a filing's state (docs/architecture.md): thousands of reports with
a past cannot be moved one by one. What it writes follows the workflow's own table, and check_progress proves it.
"""
