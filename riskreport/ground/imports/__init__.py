"""Imports: a file is read by a process of its own, checked, shown, taken in in one transaction, undone."""
