"""A small OpenID Connect provider on 127.0.0.1, for tests: real HTTP, real RS256 keys, and faults on request."""

import base64
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "riskreport", "a-secret-of-the-tests"  # pragma: allowlist secret


class Provider:
    """Signs in whoever ``person`` names. ``claims`` go over those of the token; ``signer`` says how it is signed."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.person = "zhang.san"
        self.claims: dict[str, Any] = {}
        self.signer = "own"
        self.is_away = False
        self.keys = [RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256", "use": "sig"})]
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def sign_in(self, address: str) -> str:
        """Do what the person's browser does at the provider: return the address it is sent back to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = uuid.uuid4().hex
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Answer with a token, for a code once, to the client that proves itself and the sender of the challenge."""
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if given != f"{CLIENT_ID}:{CLIENT_SECRET}" or asked is None:
            return 400, {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge.decode() != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.person, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"]} | self.claims
        signed = self._sign({name: value for name, value in claims.items() if value is not None})
        return 200, {"access_token": uuid.uuid4().hex, "token_type": "Bearer", "id_token": signed}

    def _sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self.keys[-1].kid}
        if self.signer == "none":
            parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        if self.signer == "client secret":
            key = OctKey.import_key(CLIENT_SECRET * 3)
            return jwt.encode(header | {"alg": "HS256"}, claims, key)
        if self.signer == "stranger":
            return jwt.encode(header, claims, RSAKey.generate_key(2048))
        return jwt.encode(header, claims, self.keys[-1])


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        self.provider.asked.append(self.path)
        if self.path == "/.well-known/openid-configuration":
            return self.answer(200, self.provider.metadata())
        return self.answer(200, {"keys": [key.as_dict(private=False) for key in self.provider.keys]})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.answer(*self.provider.token(form, self.headers.get("Authorization", "")))

    def answer(self, status: int, content: dict[str, Any]) -> None:
        status = 503 if self.provider.is_away else status
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_arguments: Any) -> None:
        """Nothing: the tests look at ``asked``."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run a provider on a free port until the end."""
    handler = type("OwnHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield handler.provider
    finally:
        server.shutdown()
        server.server_close()
