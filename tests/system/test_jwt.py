"""Bearer tokens: signed by PyJWT, checked with keys from a local issuer's JWKS; the known attacks on both.

The issuer is Python's own HTTP server. What is refused must be refused with its reason, and must cost the issuer no
more than one question in a while.
"""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from peers.waiting import wait_until

ISSUER = "https://issuer.example/pool"
AUDIENCE = "gateway"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class IssuerKey:
    def __init__(self, kid, algorithm, private):
        self.kid, self.algorithm, self.private = kid, algorithm, private

    @property
    def public(self):
        return self.private.public_key()

    def jwk(self):
        common = {"kid": self.kid, "alg": self.algorithm, "use": "sig"}
        if self.algorithm == "RS256":
            numbers = self.public.public_numbers()
            n = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
            return {"kty": "RSA", "n": base64url(n), "e": "AQAB", **common}
        if self.algorithm == "ES256":
            numbers = self.public.public_numbers()
            x, y = (base64url(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
            return {"kty": "EC", "crv": "P-256", "x": x, "y": y, **common}
        raw = self.public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(raw), **common}

    def pem(self):
        return self.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def token(self, headers=None, **claims):
        return jwt.encode(good_claims(**claims), self.private, self.algorithm, {"kid": self.kid, **(headers or {})})


def good_claims(**changes):
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "iat": now, "nbf": now, "exp": now + 300}
    claims.update(changes)
    return {name: value for name, value in claims.items() if value is not None}


def new_key(kid, algorithm):
    if algorithm == "RS256":
        return IssuerKey(kid, algorithm, rsa.generate_private_key(65537, 2048))
    if algorithm == "ES256":
        return IssuerKey(kid, algorithm, ec.generate_private_key(ec.SECP256R1()))
    return IssuerKey(kid, algorithm, ed25519.Ed25519PrivateKey.generate())


@pytest.fixture(scope="module")
def keys():
    return [new_key("rsa", "RS256"), new_key("ec", "ES256"), new_key("ed", "EdDSA")]


class Issuer:
    """Publishes its keys at /jwks.json, and counts who asks."""

    def __init__(self, keys):
        self.keys = list(keys)
        self.questions = 0
        self.fails = False
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.questions += 1
                body = json.dumps({"keys": [key.jwk() for key in issuer.keys]}).encode()
                self.send_response(500 if issuer.fails else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}/jwks.json"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def issuer(keys):
    started = Issuer(keys)
    yield started
    started.stop()


@pytest.fixture
def gateway(start_gateway, issuer):
    return start_jwt_gateway(start_gateway, issuer.url)


def start_jwt_gateway(start_gateway, jwks, **settings):
    return start_gateway(
        auth="jwt", jwks=str(jwks), jwt_issuer=ISSUER, jwt_audiences=AUDIENCE, auth_failures_max=0, **settings
    )


def ask(gateway, token, scheme="Bearer"):
    """A session that is not there: 404 for whoever comes in."""
    return gateway.get(
        "/api/v1/sessions/11111111-1111-4111-8111-111111111111", headers={"Authorization": f"{scheme} {token}"}
    )


def expect_refused(gateway, token, message=""):
    answer = ask(gateway, token)
    assert answer.status == 401, (token, answer)
    assert answer.json()["details"]["reason"] == "INVALID_TOKEN", answer
    assert message in answer.json()["error_message"], answer
    assert answer.header("www-authenticate") == 'Bearer realm="skymarshal"'


def test_tokens_of_all_algorithms_come_in(gateway, issuer, keys):
    for key in keys:
        assert ask(gateway, key.token()).status == 404
        assert ask(gateway, key.token(), scheme="bearer").status == 404
        assert ask(gateway, key.token(headers={"typ": "at+jwt"}, aud=["x", AUDIENCE])).status == 404
    assert ask(gateway, keys[0].token(aud=None, token_use="access", client_id=AUDIENCE)).status == 404
    assert issuer.questions == 1


def test_without_a_token_nobody_comes_in(gateway):
    answer = gateway.get("/api/v1/sessions")
    assert answer.status == 401
    assert answer.json()["details"]["reason"] == "MISSING_CREDENTIALS"
    assert ask(gateway, "YTpi", scheme="Basic").json()["details"]["reason"] == "MALFORMED_AUTHORIZATION"


def test_wrong_claims_are_named(gateway, keys):
    now = int(time.time())
    for claims, message in [
        ({"exp": now - 70}, "expired at"),
        ({"exp": None}, "'exp' is missing"),
        ({"exp": str(now + 60)}, "'exp'"),
        ({"nbf": now + 90}, "not valid before"),
        ({"iat": now + 90}, "yet to come"),
        ({"aud": "another"}, "another audience"),
        ({"aud": None}, "another audience"),
        ({"iss": ISSUER + "/"}, "another issuer"),
        ({"sub": ""}, "'sub' is missing"),
        ({"sub": "a\r\nX: y"}, "control characters"),
        ({"sub": "s" * 256}, "255 bytes"),
    ]:
        text = jwt.api_jws.encode(
            json.dumps(good_claims(**claims)).encode(), keys[2].private, "EdDSA", headers={"kid": "ed"}
        )
        expect_refused(gateway, text, message)


def test_known_attacks(gateway, issuer, keys):
    rsa_key, ec_key, ed_key = keys
    claims = json.dumps(good_claims()).encode()

    def forged(header, sign):
        text = f"{base64url(json.dumps(header).encode())}.{base64url(claims)}"
        return f"{text}.{base64url(sign(text.encode()))}"

    for name in ["none", "None", "NONE", "nOnE"]:
        expect_refused(gateway, forged({"alg": name, "kid": "rsa"}, lambda _: b""))
    for secret in [rsa_key.pem(), rsa_key.pem().strip(), json.dumps(rsa_key.jwk()).encode()]:
        for name in ["HS256", "RS256"]:
            expect_refused(
                gateway,
                forged({"alg": name, "kid": "rsa"}, lambda text, s=secret: hmac.new(s, text, hashlib.sha256).digest()),
            )
    mine = new_key("ec", "ES256")
    expect_refused(gateway, mine.token())
    expect_refused(gateway, mine.token(headers={"jwk": mine.jwk()}), "its own key")
    expect_refused(gateway, mine.token(headers={"jku": issuer.url}))
    expect_refused(gateway, ec_key.token(headers={"crit": ["exp"]}), "crit")
    expect_refused(gateway, forged({"alg": "ES256", "kid": "ec"}, lambda _: bytes(64)), "signature is wrong")
    expect_refused(gateway, forged({"alg": "ES256", "kid": "ed"}, ed_key.private.sign), "algorithm")
    head, body, _ = rsa_key.token().split(".")
    expect_refused(gateway, f"{head}.{body}.")
    expect_refused(gateway, f"{head}.{body}.{rsa_key.token(sub='eve').split('.')[2]}")
    expect_refused(gateway, "a" * 9000, "longer than")
    assert issuer.questions <= 1


def test_any_changed_letter_is_refused(gateway, keys):
    token = keys[1].token()
    for at in range(0, len(token), 7):
        expect_refused(gateway, token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :])


def test_made_up_key_ids_do_not_hammer_the_issuer(gateway, issuer, keys):
    assert ask(gateway, keys[0].token()).status == 404
    for kid in ["../../etc/passwd", "' OR 1=1 --", "k" * 250, *(f"made-up-{i}" for i in range(50))]:
        expect_refused(gateway, keys[0].token(headers={"kid": kid}), "none of its issuer's keys")
    assert issuer.questions == 2


def test_a_new_key_of_the_issuer_is_found(gateway, issuer, keys):
    assert ask(gateway, keys[0].token()).status == 404
    issuer.keys = [new_key("next", "EdDSA")]
    assert ask(gateway, issuer.keys[0].token()).status == 404
    expect_refused(gateway, keys[0].token())


def test_keys_outlive_their_issuer(gateway, issuer, keys):
    assert ask(gateway, keys[0].token()).status == 404
    issuer.stop()
    assert ask(gateway, keys[1].token()).status == 404


def test_without_keys_nobody_comes_in_until_the_issuer_is_back(gateway, issuer, keys):
    issuer.fails = True
    answer = ask(gateway, keys[0].token())
    assert answer.status == 503, answer
    assert int(answer.header("retry-after")) >= 1
    issuer.fails = False
    wait_until(lambda: ask(gateway, keys[0].token()).status == 404, "tokens are taken again")


def test_a_file_of_keys_will_do(start_gateway, tmp_path, keys):
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [keys[0].jwk()]}))
    gateway = start_jwt_gateway(start_gateway, file)
    assert ask(gateway, keys[0].token()).status == 404
    expect_refused(gateway, keys[1].token())


def test_sessions_belong_to_subjects(start_gateway, issuer, keys):
    gateway = start_jwt_gateway(start_gateway, issuer.url)
    anna, eve = ({"Authorization": f"Bearer {keys[2].token(sub=name)}"} for name in ("anna", "eve"))
    answer = gateway.invoke(headers=anna)
    assert answer.status == 200, answer
    target = f"/api/v1/sessions/{answer.json()['session_id']}"
    assert gateway.get(target, headers=anna).status == 200
    assert gateway.get(target, headers=eve).status == 404


def test_a_scope_can_be_asked_for(start_gateway, issuer, keys):
    gateway = start_jwt_gateway(start_gateway, issuer.url, jwt_scope="sky/invoke")
    assert ask(gateway, keys[0].token()).status == 403
    assert ask(gateway, keys[0].token(scope="a sky/invoke")).status == 404
    assert ask(gateway, keys[0].token(scp=["sky/invoke"])).status == 404
