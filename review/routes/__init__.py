"""The addresses of reporting, a module for each group of pages."""
