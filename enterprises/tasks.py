"""Celery tasks of who is who."""

from celery import shared_task

from enterprises.domain.letters_lapse import remove_lapsed_letters
from enterprises.domain.sessions import remove_old_sign_ins


@shared_task(name="enterprises.clean_up")
def clean_up() -> None:
    """Delete letters whose time is over, and old notes of sign-ins."""
    remove_lapsed_letters()
    remove_old_sign_ins()
