"""auth = sts: a botocore client proves its AWS identity to the gateway, which has a local STS check it."""

import base64
import concurrent.futures
import socket
import time
import urllib.parse

import botocore.config
import botocore.session
import pytest
from peers.clients import expect_problem
from peers.fake_sts import FakeSts, error, say, say_slowly
from peers.gateway_process import run_command

SERVER_ID = "gateway.skymarshal.test"
ANNA = "arn:aws:sts::123456789012:assumed-role/Operations/anna"
BOB = "arn:aws:iam::123456789012:user/bob"
STRANGER = "arn:aws:iam::999999999999:user/stranger"
KEYS = {
    "ASIAANNA": {"secret": "anna/secret+1", "token": "FwoGZXIvYXdzEJ//+=", "arn": ANNA},
    "AKIABOB": {"secret": "bob-secret", "arn": BOB},
    "AKIASTRANGER": {"secret": "stranger-secret", "arn": STRANGER},
}
ALLOWED = "arn:aws:sts::123456789012:assumed-role/Operations/*,arn:aws:iam::123456789012:user/bob"


def presigned_url(
    key_id="ASIAANNA", secret=None, server_id=SERVER_ID, expires=60, region="eu-west-1", regional=True
):
    """botocore's GetCallerIdentity with one more signed header, as a foreign client makes it."""
    session = botocore.session.Session()
    session.set_config_variable("sts_regional_endpoints", "regional" if regional else "legacy")
    client = session.create_client(
        "sts",
        region_name=region,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret or KEYS[key_id]["secret"],
        aws_session_token=KEYS.get(key_id, {}).get("token"),
    )

    def add_server_id(request, **_):
        if server_id is not None:
            request.headers["x-skymarshal-server-id"] = server_id

    client.meta.events.register("before-sign.sts.GetCallerIdentity", add_server_id)
    return client.generate_presigned_url("get_caller_identity", ExpiresIn=expires, HttpMethod="GET")


def token_of(url):
    data = url if isinstance(url, bytes) else url.encode()
    return "skymarshal-sts-v1." + base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.fixture
def sts():
    server = FakeSts(KEYS)
    yield server
    server.stop()


@pytest.fixture
def gateway(start_gateway, start_runtime, sts):
    return serve(start_gateway, start_runtime, sts)


def serve(start_gateway, start_runtime, sts, **settings):
    settings = {
        "sts_server_id": SERVER_ID,
        "sts_allowed_principals": ALLOWED,
        "sts_endpoint": sts.url,
        **settings,
    }
    settings.setdefault("auth_failures_max", 0)
    return start_gateway(start_runtime(), auth="sts", **settings)


def sessions(gateway, token):
    return gateway.get("/api/v1/sessions", headers={"Authorization": f"Bearer {token}"})


def expect_unauthorized(answer, reason):
    expect_problem(answer, 401, "UNAUTHORIZED")
    assert answer.json()["details"]["reason"] == reason, answer.json()
    assert answer.header("www-authenticate") == f'Bearer realm="skymarshal", server_id="{SERVER_ID}"'


@pytest.mark.parametrize("key_id", ["ASIAANNA", "AKIABOB"])
@pytest.mark.parametrize(
    "region, regional", [("eu-west-1", True), ("us-east-1", True), ("us-east-1", False), ("cn-north-1", True)]
)
def test_lets_in_whom_aws_vouches_for(gateway, sts, key_id, region, regional):
    token = token_of(presigned_url(key_id, region=region, regional=regional))
    answer = sessions(gateway, token)
    assert answer.status == 200, answer
    path, headers = sts.requests[0]
    assert headers["X-Skymarshal-Server-Id"] == SERVER_ID and headers["Accept"] == "application/json"
    assert headers["Host"] == urllib.parse.urlsplit(presigned_url(region=region, regional=regional)).netloc
    assert path.startswith("/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-")


def test_sessions_belong_to_the_arn(gateway):
    anna, bob = token_of(presigned_url("ASIAANNA")), token_of(presigned_url("AKIABOB"))
    created = gateway.request("POST", "/api/v1/sessions", headers={"Authorization": f"Bearer {anna}"})
    assert created.status == 201, created
    later = token_of(presigned_url("ASIAANNA", expires=70))
    assert len(sessions(gateway, later).json()["sessions"]) == 1
    assert sessions(gateway, bob).json()["sessions"] == []


def test_needs_a_token(gateway, sts):
    expect_unauthorized(gateway.get("/api/v1/sessions"), "MISSING_CREDENTIALS")
    for value in ("Basic eA==", "Bearer", "Bearer a b"):
        answer = gateway.get("/api/v1/sessions", headers={"Authorization": value})
        expect_unauthorized(answer, "MALFORMED_AUTHORIZATION")
    for token in ("x", "eyJhbGciOiJub25lIn0.e30.", "skymarshal-sts-v1.", "skymarshal-sts-v1.=="):
        expect_unauthorized(sessions(gateway, token), "INVALID_TOKEN")
    assert sts.requests == []


def test_a_stranger_of_another_account_stays_out(gateway):
    answer = sessions(gateway, token_of(presigned_url("AKIASTRANGER")))
    expect_problem(answer, 403, "FORBIDDEN")
    assert STRANGER not in answer.body.decode()


@pytest.mark.parametrize("server_id", ["another.gateway.test", SERVER_ID.upper(), SERVER_ID + "x", ""])
def test_a_token_for_another_gateway_is_worth_nothing_here(gateway, sts, server_id):
    """What somebody who runs another gateway was sent cannot be played back to this one."""
    expect_unauthorized(sessions(gateway, token_of(presigned_url(server_id=server_id))), "SIGNATURE_MISMATCH")
    assert len(sts.requests) == 1


def test_a_request_without_a_server_id_is_not_even_asked_about(gateway, sts):
    expect_unauthorized(sessions(gateway, token_of(presigned_url(server_id=None))), "INVALID_TOKEN")
    assert sts.requests == []


def test_wrong_secrets_and_unknown_keys(gateway):
    expect_unauthorized(sessions(gateway, token_of(presigned_url(secret="wrong"))), "SIGNATURE_MISMATCH")
    expect_unauthorized(
        sessions(gateway, token_of(presigned_url("AKIAUNKNOWN", secret="x"))), "INVALID_TOKEN"
    )


HOST = "sts.eu-west-1.amazonaws.com"
TRICKS = {
    "other_hosts": [
        (HOST, host)
        for host in (
            "sts.amazonaws.com.evil.test",
            "sts.amazonaws.com@127.0.0.1",
            "user:password@sts.amazonaws.com",
            "sts.amazonaws.com:443",
            "sts.amazonaws.com:80",
            "127.0.0.1",
            "127.0.0.1:{port}",
            "localhost:{port}",
            "[::1]",
            "[::ffff:127.0.0.1]:{port}",
            "2130706433",
            "0x7f.1",
            "169.254.169.254",
            "sts%2eamazonaws.com",
            "sts.amazonaws%2Ecom",
            "sts.amazonaws.com.",
            "sts.s3.amazonaws.com",
            "STS.AMAZONAWS.COM",
            "sts.amazonaws.com\\@127.0.0.1:{port}",
            "sts.amazonaws.com#@127.0.0.1",
            "sts.amazonaws.com\t",
            "sts.amazonaws.com\r\nHost: evil.test",
            "\u017fts.amazonaws.com",
            "sts\u3002amazonaws.com",
        )
    ],
    "other_schemes": [
        ("https://", other) for other in ("http://", "ftp://", "file://", "//", "gopher://", "")
    ],
    "other_paths": [
        ("/?", other)
        for other in ("/x?", "//?", "/../?", "/%2e/?", "?", "/?x=1&", "/ HTTP/1.1\r\nX: y\r\n\r\n?")
    ],
    "other_actions": [
        ("GetCallerIdentity", other)
        for other in ("AssumeRole", "GetSessionToken", "GetCallerIdentity%20", "", "getCallerIdentity")
    ],
    "other_versions": [("2011-06-15", "2011-06-16")],
    "more_parameters": [
        ("/?", f"/?{more}&")
        for more in (
            "Action=AssumeRole",
            "action=AssumeRole",
            "Action%00=x",
            "RoleArn=arn",
            "Action=GetCallerIdentity",
            "X-Amz-SignedHeaders=host",
            "x-amz-signedheaders=host",
            "",
            "=",
        )
    ],
    "less_signed": [
        ("host%3Bx-skymarshal-server-id", other) for other in ("host", "x-skymarshal-server-id", "")
    ],
    "more_signed": [("host%3B", "content-type%3Bhost%3B"), ("host%3B", "accept%3Bhost%3B")],
    "broken_lines": [
        ("X-Amz-Security-Token=", f"X-Amz-Security-Token={text}")
        for text in ("%0D%0AX-Evil:1", "%0A", "%00", "\r\nX-Evil: 1\r\n", "%E2%80%A8")
    ],
    "odd_lives": [
        ("X-Amz-Expires=60", f"X-Amz-Expires={n}") for n in ("0", "901", "-1", "99999999999", "6e1", "")
    ],
}


@pytest.mark.parametrize("kind", TRICKS)
def test_no_trick_reaches_any_server(gateway, sts, kind):
    port = sts.url.rsplit(":", 1)[1]
    url = presigned_url()
    for old, new in TRICKS[kind]:
        assert old in url, old
        tampered = url.replace(old, new.replace("{port}", port), 1)
        expect_unauthorized(sessions(gateway, token_of(tampered)), "INVALID_TOKEN")
    assert sts.requests == [], "nothing was asked on behalf of a broken token"


def test_bytes_that_are_no_text(gateway, sts):
    for data in (b"\xff\xfe", b"https://sts.amazonaws.com/?\xff", b"\0", presigned_url().encode() + b"\0"):
        expect_unauthorized(sessions(gateway, token_of(data)), "INVALID_TOKEN")
    assert sts.requests == []


def test_a_tampered_signature_fails_at_sts(gateway, sts):
    url = presigned_url()
    at = url.index("X-Amz-Signature=") + len("X-Amz-Signature=")
    for place in (0, 31, 63):
        digit = "0" if url[at + place] != "0" else "1"
        tampered = url[: at + place] + digit + url[at + place + 1 :]
        expect_unauthorized(sessions(gateway, token_of(tampered)), "SIGNATURE_MISMATCH")
    assert len(sts.requests) == 3


def test_tokens_end(gateway, sts):
    # Times are whole seconds there: of four, three are left at least.
    token = token_of(presigned_url(expires=4))
    assert sessions(gateway, token).status == 200
    time.sleep(4)
    expect_unauthorized(sessions(gateway, token), "REQUEST_EXPIRED")
    expect_unauthorized(sessions(gateway, token_of(presigned_url(expires=901))), "INVALID_TOKEN")
    assert len(sts.requests) == 1


def test_asks_once_for_many_at_once(start_gateway, start_runtime, sts):
    sts.script = lambda handler: (time.sleep(0.5), say(handler, *sts.judge(handler.path, handler.headers)))
    gateway = serve(start_gateway, start_runtime, sts)
    token = token_of(presigned_url())
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: sessions(gateway, token).status, range(20)))
    assert answers == [200] * 20 and len(sts.requests) == 1
    assert sessions(gateway, token).status == 200 and len(sts.requests) == 1


def test_one_bad_token_does_not_keep_sts_busy(gateway, sts):
    token = token_of(presigned_url(secret="wrong"))
    for _ in range(10):
        expect_unauthorized(sessions(gateway, token), "SIGNATURE_MISMATCH")
    assert len(sts.requests) == 1


def test_an_address_that_guesses_must_wait(start_gateway, start_runtime, sts):
    gateway = serve(start_gateway, start_runtime, sts, auth_failures_max=5)
    for _ in range(5):
        expect_unauthorized(sessions(gateway, "x"), "INVALID_TOKEN")
    answer = sessions(gateway, token_of(presigned_url()))
    expect_problem(answer, 429, "RATE_LIMITED")
    assert 1 <= int(answer.header("retry-after")) <= 60 and sts.requests == []


GOOD_BODY = {
    "GetCallerIdentityResponse": {
        "GetCallerIdentityResult": {"Account": "123456789012", "Arn": ANNA, "UserId": "A"}
    }
}


def drop(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


TROUBLE = {
    "down": lambda handler: say(handler, 503, b"slow down"),
    "throttled": lambda handler: say(handler, *error(400, "Throttling")),
    "too_many": lambda handler: say(handler, *error(429, "SignatureDoesNotMatch")),
    "broken": lambda handler: say(handler, 500, {"Error": {"Code": "InternalFailure"}}),
    "gone": drop,
    "html": lambda handler: say(handler, 200, b"<html>Welcome to the hotel's network</html>"),
    "html_403": lambda handler: say(handler, 403, b"<html>blocked</html>"),
    "empty": lambda handler: say(handler, 200, b""),
    "other_json": lambda handler: say(handler, 200, {"Arn": ANNA}),
    "no_arn": lambda handler: say(
        handler, 200, {"GetCallerIdentityResponse": {"GetCallerIdentityResult": {"Arn": "*", "Account": "*"}}}
    ),
    "redirect": lambda handler: say(handler, 302, GOOD_BODY, [("Location", "http://127.0.0.1:9/")]),
    "huge": lambda handler: say(handler, 200, b" " * 5_000_000),
    "slow": lambda handler: say_slowly(handler, 12),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_of_sts_is_said_so_and_passes(gateway, sts, trouble):
    sts.script = TROUBLE[trouble]
    token = token_of(presigned_url())
    answer = sessions(gateway, token)
    expect_problem(answer, 503, "IDENTITY_UNAVAILABLE")
    assert 1 <= int(answer.header("retry-after")) <= 60
    sts.script = None
    assert sessions(gateway, token).status == 200


def test_nobody_at_the_endpoint(start_gateway, start_runtime, sts):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gateway = serve(start_gateway, start_runtime, sts, sts_endpoint=f"http://127.0.0.1:{port}")
    expect_problem(sessions(gateway, token_of(presigned_url())), 503, "IDENTITY_UNAVAILABLE")


def test_says_nothing_secret(gateway, sts):
    good, bad = presigned_url(), presigned_url(secret="wrong")
    for url in (good, bad):
        sessions(gateway, token_of(url))
    sts.script = lambda handler: say(
        handler, *error(403, "SignatureDoesNotMatch", "the Canonical-String was: x")
    )
    answer = sessions(gateway, token_of(presigned_url(expires=50)))
    assert b"Canonical-String" not in answer.body
    gateway.stop()
    log = gateway.stderr()
    assert ANNA in log and "ASIAANNA" in log, "the audit log says who it was"
    for url in (good, bad):
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        for secret in (query["X-Amz-Signature"], query["X-Amz-Security-Token"], token_of(url)):
            assert secret not in log


def test_the_command_line_makes_tokens(gateway, sts):
    keys = {"AWS_ACCESS_KEY_ID": "ASIAANNA", "AWS_SECRET_ACCESS_KEY": KEYS["ASIAANNA"]["secret"]}
    keys["AWS_SESSION_TOKEN"] = KEYS["ASIAANNA"]["token"]
    for region in ("us-east-1", "eu-central-1", "cn-north-1"):
        done = run_command(
            "sessions",
            "create",
            "--endpoint",
            gateway.url,
            "--sts-server-id",
            SERVER_ID,
            "--region",
            region,
            variables=keys,
        )
        assert done.returncode == 0, done
        assert "signature" not in done.stderr
    assert len(sts.requests) == 3
    done = run_command(
        "sessions", "create", "--endpoint", gateway.url, "--sts-server-id", "another", variables=keys
    )
    assert done.returncode == 3 and "SIGNATURE" not in done.stdout and "server id" in done.stderr
