"""Bearer tokens: signed by PyJWT, checked with keys from a local issuer's JWKS; the known attacks on both.

The issuer is Python's own HTTP server. What is refused must be refused with its reason, and must cost the issuer no
more than one question in a while.
"""

import base64
import hashlib
import hmac
import http.server
import json
import signal
import threading
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from peers.planted_secrets import plant
from peers.waiting import wait_until

ISSUER = "https://issuer.example/pool"
AUDIENCE = "gateway"
CURVES = {"ES256": ("P-256", ec.SECP256R1()), "ES384": ("P-384", ec.SECP384R1()), "ES512": ("P-521", ec.SECP521R1())}

# PyJWT knows Edwards signatures by their old name only, not by those of RFC 9864.
for edwards in ("Ed25519", "Ed448"):
    jwt.register_algorithm(edwards, jwt.algorithms.OKPAlgorithm())


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class IssuerKey:
    def __init__(self, kid, algorithm, private):
        self.kid, self.algorithm, self.private = kid, algorithm, private

    @property
    def public(self):
        return self.private.public_key()

    def jwk(self, **changes):
        """With other members, or without those that are None."""
        jwk = {**self.material(), "kid": self.kid, "alg": self.algorithm, "use": "sig", **changes}
        return {name: value for name, value in jwk.items() if value is not None}

    def material(self):
        if self.algorithm[:2] in ("RS", "PS"):
            numbers = self.public.public_numbers()
            n = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
            return {"kty": "RSA", "n": base64url(n), "e": "AQAB"}
        if self.algorithm in CURVES:
            name, curve = CURVES[self.algorithm]
            numbers, width = self.public.public_numbers(), (curve.key_size + 7) // 8
            x, y = (base64url(number.to_bytes(width, "big")) for number in (numbers.x, numbers.y))
            return {"kty": "EC", "crv": name, "x": x, "y": y}
        raw = self.public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed448" if len(raw) == 57 else "Ed25519", "x": base64url(raw)}

    def pem(self):
        return self.public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def token(self, headers=None, **claims):
        return plant(jwt.encode(good_claims(**claims), self.private, self.algorithm, {"kid": self.kid, **(headers or {})}))


def good_claims(**changes):
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "anna", "iat": now, "nbf": now, "exp": now + 300}
    claims.update(changes)
    return {name: value for name, value in claims.items() if value is not None}


def new_key(kid, algorithm):
    if algorithm[:2] in ("RS", "PS"):
        return IssuerKey(kid, algorithm, rsa.generate_private_key(65537, 2048))
    if algorithm in CURVES:
        return IssuerKey(kid, algorithm, ec.generate_private_key(CURVES[algorithm][1]))
    made = ed448.Ed448PrivateKey if algorithm == "Ed448" else ed25519.Ed25519PrivateKey
    return IssuerKey(kid, algorithm, made.generate())


@pytest.fixture(scope="module")
def keys():
    return [new_key("rsa", "RS256"), new_key("ec", "ES256"), new_key("ed", "EdDSA")]


class Issuer:
    """Publishes its keys at /jwks.json, and counts who asks."""

    def __init__(self, keys):
        self.keys = list(keys)
        self.jwk_changes = {}
        self.questions = 0
        self.fails = False
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.questions += 1
                body = json.dumps({"keys": [key.jwk(**issuer.jwk_changes) for key in issuer.keys]}).encode()
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


ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519", "Ed448"]


def test_tokens_of_every_algorithm_of_real_issuers_come_in(gateway, issuer):
    issuer.keys = [new_key(name, name) for name in ALGORITHMS]
    for key in issuer.keys:
        assert ask(gateway, key.token()).status == 404, key.algorithm
    # A key serves the algorithm that it states, whatever a token says of itself.
    by_name = {key.algorithm: key for key in issuer.keys}
    for stated, claimed in [("RS256", "RS512"), ("RS256", "PS256"), ("PS384", "RS384")]:
        key = by_name[stated]
        forged = jwt.encode(good_claims(), key.private, claimed, {"kid": key.kid})
        expect_refused(gateway, forged, "algorithm is not the one of its key")
    expect_refused(gateway, jwt.encode(good_claims(), "secret", "HS256", {"kid": "RS256"}))


def test_keys_without_an_algorithm_serve_those_of_their_kind(start_gateway, issuer, keys):
    """As Entra ID publishes them."""
    issuer.keys, issuer.jwk_changes = keys[:1], {"alg": None}
    gateway = start_jwt_gateway(start_gateway, issuer.url)
    for algorithm in ("RS256", "RS384", "PS256"):
        token = jwt.encode(good_claims(), keys[0].private, algorithm, {"kid": "rsa"})
        assert ask(gateway, token).status == 404, algorithm
    expect_refused(gateway, jwt.encode(good_claims(), "secret", "HS256", {"kid": "rsa"}))


def test_padding_in_a_key_is_looked_past(start_gateway, issuer, keys):
    modulus = keys[0].material()["n"]
    assert len(modulus) % 4 == 2
    issuer.keys, issuer.jwk_changes = keys[:1], {"n": modulus + "=="}
    gateway = start_jwt_gateway(start_gateway, issuer.url)
    assert ask(gateway, keys[0].token()).status == 404


def test_a_tier_that_is_none_of_ours_is_the_default_one(start_gateway, issuer, keys):
    """Issuers have claims of that name with meanings of their own."""
    gateway = start_jwt_gateway(start_gateway, issuer.url, rate_limit=1000, rate_limit_tiers="gold=7")

    def limit(token):
        answer = ask(gateway, token)
        assert answer.status == 404, answer
        return answer.header("ratelimit-limit")

    assert limit(keys[1].token(sub="gold", tier="gold")) == "7"
    for number, tier in enumerate(["free", 3, 1.5, True, ["gold"], {"gold": True}, "", "x" * 500]):
        assert limit(keys[1].token(sub=f"s{number}", tier=tier)) == "1000", tier
    null_tier = json.dumps({**good_claims(sub="null"), "tier": None}).encode()
    token = jwt.api_jws.encode(null_tier, keys[1].private, "ES256", headers={"kid": "ec"})
    assert limit(token) == "1000"
    assert limit(keys[1].token(sub="absent")) == "1000"


def test_tokens_of_many_claims_come_in(gateway, keys):
    many = {f"claim_{number}": f"value {number}" for number in range(70)}
    assert ask(gateway, keys[2].token(**many)).status == 404
    groups = [f"11111111-1111-4111-8111-{number:012d}" for number in range(200)]
    assert ask(gateway, keys[2].token(groups=groups)).status == 404


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
    expect_refused(gateway, "a" * 15000, "longer than")
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


def test_a_hangup_has_the_keys_fetched_anew(gateway, issuer, keys):
    """A key that its issuer has withdrawn opens nothing any more, long before the keys are old."""
    assert ask(gateway, keys[0].token()).status == 404
    issuer.keys = issuer.keys[1:]
    gateway.signal(signal.SIGHUP)
    wait_until(lambda: ask(gateway, keys[0].token()).status == 401, "the withdrawn key is refused")
    assert ask(gateway, issuer.keys[0].token()).status == 404


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


def test_a_byte_order_mark_before_the_file_of_keys_is_looked_past(start_gateway, tmp_path, keys):
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [keys[0].jwk()]}), encoding="utf-8-sig")
    assert ask(start_jwt_gateway(start_gateway, file), keys[0].token()).status == 404


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
