"""Tests of the checks of who is who."""
