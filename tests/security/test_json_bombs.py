"""JSON made to exhaust or confuse its reader is refused at once, and nobody else notices."""

import time

import pytest
from attackers import PATIENCE_SECONDS

MIB = 1024 * 1024
PROMPT = b'"prompt":"Flight EY283 from BKK to AUH is 3 hours late"'

BOMBS = {
    "arrays 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "objects 100,000 deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "depth in an unknown field": b"{" + PROMPT + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "1 MiB of [": b"[" * MIB,
    "1 MiB of {": b"{" * MIB,
    "1 MiB of digits": b"1" * MIB,
    "digits in a field": b"{" + PROMPT + b',"session_id":' + b"9" * (MIB - 200) + b"}",
    "many duplicate keys": b"{" + PROMPT + b',"a":1' * 150_000 + b"}",
    "duplicate prompt": b"{" + PROMPT + b"," + PROMPT + b"}",
    "huge exponent": b'{"prompt":1e999999999}',
    "lone surrogate": b'{"prompt":"\\ud800 flight EY283 is 3 hours late"}',
    "reversed surrogates": b'{"prompt":"\\udc00\\ud800 flight EY283 is 3 hours late"}',
    "raw surrogate": b'{"prompt":"\xed\xa0\x80 flight EY283 is 3 hours late"}',
    "overlong UTF-8": b'{"prompt":"\xc0\xaf flight EY283 is 3 hours late"}',
    "UTF-16": ("{" + PROMPT.decode() + "}").encode("utf-16"),
    "UTF-32": ("{" + PROMPT.decode() + "}").encode("utf-32"),
    "open string": b'{"prompt":"' + b"a" * (MIB - 100),
    "backslashes": b'{"prompt":"' + b"\\" * (MIB - 101) + b'"}',
    "nothing but spaces": b" " * MIB,
    "NUL": b"{" + PROMPT + b"}\0",
    "a comment": b"{/* */" + PROMPT + b"}",
    "NaN": b'{"prompt":NaN}',
}


@pytest.fixture(scope="module")
def gateway(serve):
    return serve()


@pytest.mark.parametrize("path", ["/api/v1/invoke", "/api/v1/sessions"])
@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_refused_at_once(gateway, path, body):
    started = time.monotonic()
    answer = gateway.request("POST", path, body)
    assert answer.status == 400 and answer.error_code in ("INVALID_JSON", "INVALID_REQUEST"), answer
    assert len(answer.body) < 4096, "the answer must not be a way to make much of little"
    assert time.monotonic() - started < PATIENCE_SECONDS
    assert gateway.get("/api/v1/health").status == 200


def test_a_byte_order_mark_changes_nothing(gateway):
    """RFC 8259 section 8.1 lets a reader ignore it: the body is read as what it says."""
    answer = gateway.request("POST", "/api/v1/invoke", b"\xef\xbb\xbf{" + PROMPT + b"}")
    assert answer.status == 200, answer
