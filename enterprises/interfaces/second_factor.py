"""How the secret of a second factor is shown: as a QR code in the page, and as text to type."""

from base64 import b32encode
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from enterprises.models import User


def written_secret(device: TOTPDevice) -> str:
    """Return the secret in groups of four, for telephones without a camera."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_address(device: TOTPDevice, user: User) -> str:
    """Return the secret's address as a QR code, a data: address that the content security policy allows for images."""
    issuer = str(settings.SYSTEM_NAME)
    asked = urlencode({"secret": b32encode(device.bin_key).decode(), "issuer": issuer, "digits": device.digits})
    address = f"otpauth://totp/{quote(issuer)}:{quote(user.account)}?{asked}"
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=2)
