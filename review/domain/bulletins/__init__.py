"""Bulletins on progress: their figures, their templates, making and issuing them."""
