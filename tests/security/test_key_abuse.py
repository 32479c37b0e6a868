"""Guessing at keys: it is slowed down, each attempt is on record, and nothing secret is."""

import dataclasses
import json
import re
import socket

import pytest
from peers.clients import RawConnection, parse_head
from peers.signers import Wire, sign_by_botocore
from peers.waiting import wait_until

WIRE = Wire("GET", "/api/v1/sessions", headers=[("Host", "a")])
LIMIT = 60


@pytest.fixture(scope="module")
def key(add_key):
    return add_key("dispatch")


def log_of(gateway, event):
    return [line for line in map(json.loads, gateway.stderr().splitlines()) if line["event"] == event]


def get_from(address, gateway, wire):
    """From another address of this machine."""
    client = socket.create_connection((gateway.host, gateway.port), 20, source_address=(address, 0))
    with client:
        client.sendall(wire.bytes())
        received = b""
        while b"\r\n\r\n" not in received:
            received += client.recv(65536)
        return parse_head(received.split(b"\r\n\r\n")[0])[0]


def test_guessing_is_slowed_down_and_recorded(serve, key, key_file):
    gateway = serve(auth="iam", keys=key_file)
    good = sign_by_botocore(WIRE, key)
    secrets = [key.secret_access_key, good.header("Authorization")[-64:]]
    statuses = []
    with gateway.raw() as client:
        for number in range(LIMIT + 10):
            claimed = key.access_key_id if number % 2 else f"SKMA{number:016d}"
            wrong = sign_by_botocore(
                WIRE, dataclasses.replace(key, access_key_id=claimed, secret_access_key=f"guess-{number}")
            )
            secrets += [
                f"guess-{number}",
                re.search("Signature=(.*)", wrong.header("Authorization")).group(1),
            ]
            client.send(wrong.bytes())
            answer = client.read_answer()
            statuses.append(answer.status)
            if answer.status == 429:
                assert answer.error_code == "RATE_LIMITED" and 1 <= int(answer.header("retry-after")) <= 60
    assert statuses == [401] * LIMIT + [429] * 10
    # A right guess is not told from a wrong one any more, and others are not made to pay for it.
    assert get_from("127.0.0.1", gateway, good) == 429
    assert get_from("127.0.0.2", gateway, good) == 200
    assert gateway.get("/api/v1/health").status == 200

    attempts = LIMIT + 10 + 2
    wait_until(lambda: len(log_of(gateway, "authentication")) == attempts, "one line for each attempt")
    lines = log_of(gateway, "authentication")
    assert [line["outcome"] for line in lines] == ["refused"] * LIMIT + ["limited"] * 11 + ["accepted"]
    assert {line["reason"] for line in lines[:LIMIT]} == {"UNKNOWN_ACCESS_KEY", "SIGNATURE_MISMATCH"}
    assert all(line["principal"] == "" for line in lines[:-1])
    assert {line["remote_address"] for line in lines[:-1]} == {"127.0.0.1"}
    log = gateway.stderr()
    assert not [secret for secret in secrets if secret in log]


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
        lambda value: value.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
        lambda value: value[:-64] + "",
        lambda value: value[:-64] + "0" * 64,
        lambda value: value[:-64] + "0" * 10_000,
        lambda value: value[:-1],
        lambda value: value + ", Signature=" + "0" * 64,
        lambda value: value.replace("SignedHeaders=host;", "SignedHeaders="),
        lambda value: re.sub("SignedHeaders=[^,]*", "SignedHeaders=", value),
        lambda value: re.sub("SignedHeaders=[^,]*", "SignedHeaders=" + ";".join(["host"] * 1000), value),
        lambda value: re.sub("/20[0-9]{6}/", "/19700101/", value),
        lambda value: re.sub("/20[0-9]{6}/", "/99999999/", value),
        lambda value: value.replace("aws4_request", "aws4_request/x"),
        lambda value: value.replace("execute-api", "s3"),
        lambda value: value.replace("us-east-1", "us-east-1\u00e9"),
        lambda value: "Bearer " + value,
        lambda value: "",
    ],
)
def test_odd_claims_are_refused_and_leave_nothing_of_themselves(serve_once, key, change):
    good = sign_by_botocore(WIRE, key)
    fields = [(name, change(value) if name == "Authorization" else value) for name, value in good.headers]
    with RawConnection(serve_once.host, serve_once.port) as client:
        client.send(dataclasses.replace(good, headers=fields).bytes())
        answer = client.read_answer()
    assert answer.status == 401, answer
    assert good.header("Authorization")[-64:].encode() not in answer.body
    assert key.secret_access_key.encode() not in answer.body


@pytest.fixture(scope="module")
def serve_once(serve, key, key_file):
    return serve(auth="iam", keys=key_file, auth_failures_max=0, rate_limit=0, account_rate_limit=0)
