"""Bulletins as people meet them: forms, the list, the figure sheet, Word and PDF."""
