"""The city's single sign-on by OpenID Connect: asking it who somebody is, and believing only what it has signed.

Authlib does the protocol: authorization code with PKCE, state, nonce, and an identity token whose signature, issuer,
audience, times and nonce are checked. Nothing here knows a person.
"""

import logging
from functools import cache

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError
from requests import RequestException

SECONDS = 5  # a web process waits no longer for an answer
LEEWAY = 60  # seconds that the two clocks may differ
SIGNATURES = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"}
log = logging.getLogger(__name__)


class SsoAway(Exception):
    """The single sign-on does not answer, or not as OpenID Connect says."""


class SsoRefused(Exception):
    """What came back proves nothing: cancelled, wrong state, not signed for us, too old."""


def is_offered() -> bool:
    """Say whether a single sign-on is configured."""
    return bool(settings.SSO_ISSUER)


def ask_who(request: HttpRequest, back: str) -> HttpResponse:
    """Return the redirect to the single sign-on, which sends the person ``back``; state and nonce go into the session.

    Raises SsoAway.
    """
    try:
        return _client().authorize_redirect(request, back)
    except (RequestException, RuntimeError, ValueError, AuthlibBaseError) as error:
        log.warning("single sign-on cannot be asked: %s", type(error).__name__)
        raise SsoAway from error


def told_who(request: HttpRequest) -> str:
    """Return what the single sign-on calls the person who came back from it. Raises SsoAway, SsoRefused."""
    client = _client()
    try:
        metadata = client.load_server_metadata()
        offered = set(metadata.get("id_token_signing_alg_values_supported") or ["RS256"])
        metadata["id_token_signing_alg_values_supported"] = sorted(offered & SIGNATURES)
        wanted = {
            "iss": {"essential": True, "value": settings.SSO_ISSUER},
            "aud": {"essential": True, "value": settings.SSO_CLIENT_ID},
        }
        token = client.authorize_access_token(request, claims_options=wanted, leeway=LEEWAY)
        said = token["userinfo"][settings.SSO_CLAIM]
    except (RequestException, RuntimeError) as error:
        log.warning("single sign-on does not answer: %s", type(error).__name__)
        raise SsoAway from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        log.warning("single sign-on refused: %s", type(error).__name__)
        raise SsoRefused from error
    if not isinstance(said, str) or not said:
        raise SsoRefused
    return said


def _client():
    return _client_of(settings.SSO_ISSUER, settings.SSO_CLIENT_ID, settings.SSO_CLIENT_SECRET)


@cache
def _client_of(issuer: str, client_id: str, secret: str):
    """Return the one client of this process, which keeps what the provider says of itself."""
    return OAuth().register(
        "sso",
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )
