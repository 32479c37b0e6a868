"""No spelling of a path, method or target leads past the authorisation or past a key's policy."""

import dataclasses
import uuid

import pytest
from attackers import heads_of, talk
from peers.signers import Wire, sign_by_botocore
from peers.waiting import wait_until

SESSIONS = "/api/v1/sessions"
# Everything that some server somewhere has taken for /api/v1/sessions.
SPELLINGS = [
    SESSIONS,
    SESSIONS + "/",
    SESSIONS + "?limit=1",
    SESSIONS + "?_method=GET",
    SESSIONS + ";a=b",
    SESSIONS + "%3Fx",
    SESSIONS + "%00",
    SESSIONS + ".json",
    SESSIONS + "%20",
    SESSIONS + "/.",
    SESSIONS + "/..",
    SESSIONS + "/../health",
    SESSIONS + "#/health",
    "/" + SESSIONS,
    "/api//v1/sessions",
    "/api/v1//sessions",
    "/api/./v1/sessions",
    "/api/v1/../v1/sessions",
    "/api/v1/health/../sessions",
    "/api/v1/health/..%2fsessions",
    "/api/v1/health%2f..%2fsessions",
    "/api/v1/health;/../sessions",
    "/api/v1/health/%2e%2e/sessions",
    "/api/v1/health/.%2e/sessions",
    "/api/v1/health\\..\\sessions",
    "/api/v1/health%5c..%5csessions",
    "/%2e%2e/api/v1/sessions",
    "/../api/v1/sessions",
    "/api%2fv1%2fsessions",
    "/api%2Fv1/sessions",
    "/api%5cv1%5csessions",
    "\\api\\v1\\sessions",
    "/api/v1/%73essions",
    "/api/v1/%2573essions",
    "/api/v1/sess%69ons",
    "/API/V1/SESSIONS",
    "/api/V1/sessions",
    "/api/v1/Sessions",
    "/api/v1/sessions\u00e9",
    "/api/v1/%c0%afsessions",
    "/api/v1/%c1%b3essions",
    "/api/v1/\uff53essions",
    "/api/v1;x/sessions",
    "http://elsewhere/api/v1/sessions",
    "HTTPS://elsewhere:1/api/v1/sessions",
    "http://elsewhere/api/v1/health/../sessions",
    "http://user@elsewhere/api/v1/sessions",
    "http://elsewhere?/api/v1/sessions",
    "http:///api/v1/sessions",
    "ftp://elsewhere/api/v1/sessions",
    "x?://elsewhere/api/v1/sessions",
    "//elsewhere/api/v1/sessions",
    "api/v1/sessions",
    "*",
    "elsewhere:80",
    "",
]
METHODS = [
    "GET",
    "HEAD",
    "POST",
    "DELETE",
    "get",
    "Get",
    "PUT",
    "PATCH",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "GETX",
]
OVERRIDES = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]
REWRITES = ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Forwarded-Path"]


@pytest.fixture(scope="module")
def full_key(add_key):
    return add_key("dispatch")


@pytest.fixture(scope="module")
def policed_key(add_key, full_key, denied_session):
    """Of the same caller, whose sessions they all are; only the policy is in its way."""
    return add_key("dispatch", "--allow", f"GET {SESSIONS}/*", "--deny", f"GET {SESSIONS}/{denied_session}")


@pytest.fixture(scope="module")
def gateway(serve, full_key, key_file):
    return serve(auth="iam", keys=key_file, rate_limit=0, account_rate_limit=0, auth_failures_max=0)


@pytest.fixture(scope="module")
def denied_session(gateway, full_key):
    answer = send(gateway, Wire("POST", SESSIONS, headers=[("Host", "a")]), full_key)
    assert answer.status == 201, answer
    return answer.json()["session_id"]


def send(gateway, wire, key=None):
    if key:
        wire = sign_by_botocore(wire, key)
    with gateway.raw() as client:
        client.send(wire.bytes())
        return client.read_answer(head_only=wire.method == "HEAD")


@pytest.mark.parametrize("method", METHODS)
def test_nothing_protected_answers_who_does_not_sign(gateway, method):
    for target in SPELLINGS:
        head = f"{method} {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
        statuses, received = talk(gateway, head)
        assert len(statuses) == 1 and statuses[0] in (400, 401, 404, 405), (target, received)


def test_options_tells_nothing_but_what_browsers_ask(gateway):
    for target in SPELLINGS[:-1]:
        head = f"OPTIONS {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
        statuses, received = talk(gateway, head)
        assert statuses in ([204], [400]), (target, received)
        assert received.endswith(b"\r\n\r\n") or statuses == [400], received


@pytest.mark.parametrize("name", OVERRIDES + REWRITES)
def test_headers_name_neither_method_nor_path(gateway, full_key, denied_session, name):
    value = "DELETE" if name in OVERRIDES else "/api/v1/health"
    wire = Wire("GET", f"{SESSIONS}/{denied_session}", headers=[("Host", "a"), (name, value)])
    assert send(gateway, wire).status == 401
    assert send(gateway, wire, full_key).status == 200
    health = Wire("GET", "/api/v1/health", headers=[("Host", "a"), (name, f"{SESSIONS}/{denied_session}")])
    assert send(gateway, health).json()["status"] in ("healthy", "degraded", "ok", "unhealthy")
    post = Wire("POST", f"{SESSIONS}/{denied_session}", [("_method", "DELETE")], [("Host", "a")])
    assert send(gateway, post, full_key).status == 405
    assert (
        send(gateway, dataclasses.replace(wire, headers=[("Host", "a")]), full_key).status == 200
    ), "still there"


def spellings_of_session(session):
    encoded = "".join(f"%{ord(character):02x}" for character in session)
    yield session
    yield encoded
    yield encoded.upper()
    yield f"%{ord(session[0]):02x}{session[1:]}"
    yield session.replace("-", "%2d")
    yield session.replace("-", "%2D", 1)
    yield session.replace("-", "")
    yield "{" + session + "}"
    yield "%7b" + session + "%7d"
    yield "urn:uuid:" + session
    yield session + "/"
    yield "/" + session
    yield "./" + session
    yield "%2e/" + session
    yield "x/../" + session
    yield "x%2f..%2f" + session
    yield session + ";a"
    yield session + "%00"
    yield session + "%20"
    yield "%20" + session
    yield session + "%0a"
    yield session + "%23"
    yield session + "%3flimit=1"
    yield session + "?limit=1"
    yield "\u200b" + session


def test_no_spelling_of_a_session_escapes_a_policy(gateway, full_key, policed_key, denied_session):
    wire = Wire("GET", f"{SESSIONS}/{denied_session}", headers=[("Host", "a")])
    assert send(gateway, wire, full_key).status == 200
    other = Wire("GET", f"{SESSIONS}/{uuid.uuid4()}", headers=[("Host", "a")])
    wait_until(lambda: send(gateway, other, policed_key).status != 401, "the new key is known")
    assert send(gateway, other, policed_key).status == 404, "what the policy allows must reach the store"
    for spelling in spellings_of_session(denied_session):
        for prefix in ("", "http://elsewhere"):
            path = f"{SESSIONS}/{spelling}"
            for method in ("GET", "HEAD", "DELETE", "POST"):
                signed = sign_by_botocore(Wire(method, path, headers=[("Host", "a")]), policed_key)
                answer = send(gateway, dataclasses.replace(signed, path=prefix + path))
                assert answer.status in (400, 401, 403, 404, 405), (method, prefix, spelling, answer)
                assert denied_session.encode() not in answer.body or answer.status == 403, answer
    plain = send(gateway, wire, policed_key)
    assert (plain.status, plain.error_code) == (403, "FORBIDDEN"), plain
    assert send(gateway, wire, full_key).status == 200, "still there"


def test_capitals_of_a_session_escape_no_policy(gateway, policed_key, denied_session):
    path = f"{SESSIONS}/{denied_session.upper()}"
    wait_until(
        lambda: send(gateway, Wire("GET", path, headers=[("Host", "a")]), policed_key).status != 401, "known"
    )
    answer = send(gateway, Wire("GET", path, headers=[("Host", "a")]), policed_key)
    assert answer.status in (400, 403, 404), answer


def test_one_request_with_several_claims_of_who_calls_is_refused(gateway, full_key):
    good = sign_by_botocore(Wire("GET", SESSIONS, headers=[("Host", "a")]), full_key)
    twice = dataclasses.replace(good, headers=[*good.headers, ("Authorization", "AWS4-HMAC-SHA256 x")])
    assert send(gateway, twice).status == 401
    before = dataclasses.replace(good, headers=[("Authorization", "Basic eA=="), *good.headers])
    assert send(gateway, before).status == 401
    in_query = dataclasses.replace(
        good, query=[("X-Amz-Signature", "0" * 64), ("X-Amz-Algorithm", "AWS4-HMAC-SHA256")]
    )
    assert send(gateway, in_query).status == 401


def test_a_signature_in_a_trailer_is_none(gateway, full_key):
    wire = Wire("GET", SESSIONS, headers=[("Host", "a")])
    fields = "".join(f"{name}: {value}\r\n" for name, value in sign_by_botocore(wire, full_key).headers[1:])
    head = b"GET /api/v1/sessions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    with gateway.raw() as client:
        client.send(head)
        client.send(fields.encode() + b"\r\n")
        assert client.read_answer().status == 401


def test_health_is_all_that_is_open(gateway):
    _, received = talk(gateway, b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    [(status, fields)] = heads_of(received)
    assert status == 200 and "www-authenticate" not in dict(fields)
