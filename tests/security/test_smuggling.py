"""One request must never be two: whatever another server on the way could frame differently is refused, and the
connection closed (RFC 9112 sections 2.2, 5, 6.3 and 11.2)."""

import pytest
from attackers import talk

HIDDEN = b"GET /api/v1/health HTTP/1.1\r\nHost: hidden\r\n\r\n"
GOOD = b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
END = b"0\r\n\r\n"
REFUSALS = {400, 413, 414, 431, 501, 505}


@pytest.fixture(scope="module")
def gateway(serve):
    return serve()


def post(fields, body=b"", version=b"HTTP/1.1"):
    head = b"POST /api/v1/invoke " + version + b"\r\nHost: a\r\nContent-Type: application/json\r\n"
    return head + fields + b"\r\n" + body


def get(fields=b"", line=b"GET /api/v1/health HTTP/1.1", host=b"Host: a\r\n"):
    return line + b"\r\n" + host + fields + b"\r\n"


def codings():
    odd = [
        b"xchunked",
        b"chunked, identity",
        b"identity, chunked",
        b"identity",
        b"gzip",
        b"gzip, chunked",
        b"",
    ]
    odd += [b"chunked, chunked", b'"chunked"', b"chun ked", b"chunked;q=1", b"chunked,", b",chunked", b"x"]
    odd += [b"chunked\x0b", b"\x0bchunked", b"chunked\x00", b"chunked\x0c", b"chunk\xc3\xa9d", b"\xa0chunked"]
    for coding in odd:
        yield b"Transfer-Encoding: " + coding + b"\r\n"
    yield CHUNKED + CHUNKED
    yield CHUNKED + b"Transfer-Encoding: identity\r\n"
    yield b"Transfer-Encoding: identity\r\n" + CHUNKED
    yield CHUNKED + b"transfer-encoding: x\r\n"
    yield b"Transfer-Encoding : chunked\r\n"
    yield b"Transfer-Encoding:\r\n chunked\r\n"
    yield b"Transfer-Encoding: chunked\n"
    yield b"X: y\nTransfer-Encoding: chunked\r\n"
    yield b"X: y\rTransfer-Encoding: chunked\r\n"
    yield b" Transfer-Encoding: chunked\r\n"
    yield b"Transfer-Encoding\x00: chunked\r\n"
    yield b": y\r\n" + CHUNKED


def lengths():
    size = str(len(HIDDEN)).encode()
    odd = [
        b"-5",
        b"+5",
        b"0x5",
        b"5 5",
        b"",
        b"5;",
        b"5.0",
        b"1e1",
        b"5, 5",
        b"5,6",
        b"5,",
        b",5",
        b"5\x0b",
        b'"5"',
    ]
    odd += [b"9" * 20, b"18446744073709551621", b"9223372036854775813", b"4294967301", b"5_0", b"\xd9\xa5"]
    for length in odd:
        yield b"Content-Length: " + length + b"\r\n"
    yield b"Content-Length: 5\r\nContent-Length: 5\r\n"
    yield b"Content-Length: 5\r\ncontent-length: " + size + b"\r\n"
    yield b"Content-Length: 0\r\nContent-Length: " + size + b"\r\n"
    yield b"Content-Length : 5\r\n"
    yield b"Content-Length:\r\n 5\r\n"
    yield b"Content-Length: 5\nX: y\r\n"
    yield b"X: y\nContent-Length: 5\r\n"


REFUSED = {
    **{f"TE {fields!r}": post(fields, END) for fields in codings()},
    **{f"CL.TE {fields!r}": post(b"Content-Length: 5\r\n" + fields, END) for fields in codings()},
    **{f"TE.CL {fields!r}": post(fields + b"Content-Length: 5\r\n", END) for fields in codings()},
    "CL.TE": post(b"Content-Length: 5\r\n" + CHUNKED, END),
    "TE.CL": post(CHUNKED + b"Content-Length: 5\r\n", END),
    "TE in HTTP/1.0": post(b"Connection: keep-alive\r\n" + CHUNKED, END, b"HTTP/1.0"),
    **{f"CL {fields!r}": post(fields, b"hello") for fields in lengths()},
    "obs-fold": get(b"X: a\r\n b\r\n"),
    "obs-fold of a tab": get(b"X:\r\n\tb\r\n"),
    "obs-fold of Host": get(b" b\r\n"),
    "space before the first field": get(b"X: y\r\n", host=b" Host: a\r\n"),
    "bare line feeds": b"GET /api/v1/health HTTP/1.1\nHost: a\n\n" + b"\r\n\r\n",
    "bare LF in the request line": b"GET /api/v1/health HTTP/1.1\nHost: a\r\n\r\n",
    "bare LF in a value": get(b"X: a\nY: b\r\n"),
    "bare CR in a value": get(b"X: a\rY: b\r\n"),
    "two CR": get(b"X: a\r\r\n"),
    "NUL in a value": get(b"X: a\0b\r\n"),
    "NUL in a name": get(b"X\0: b\r\n"),
    "control character": get(b"X: a\x08b\r\n"),
    "escape": get(b"X: a\x1b[2Jb\r\n"),
    "space before the colon": get(b"X : a\r\n"),
    "tab before the colon": get(b"X\t: a\r\n"),
    "no colon": get(b"Xab\r\n"),
    "empty name": get(b": a\r\n"),
    "name in brackets": get(b"X[]: a\r\n"),
    "HTTP/0.9": b"GET /api/v1/health\r\n\r\n",
    **{
        f"version {version!r}": get(line=b"GET /api/v1/health " + version)
        for version in [
            b"HTTP/0.9",
            b"HTTP/1.2",
            b"HTTP/1.10",
            b"HTTP/01.1",
            b"http/1.1",
            b"HTTP/1",
            b"HTTP/2.0",
        ]
        + [b"HTTP/1.1 ", b"HTTP/1.1x", b"HTTPS/1.1", b"HTTP/1,1", b"HTTP/-1.1", b"HTTP/1.1\x0b"]
    },
    "two spaces": get(line=b"GET  /api/v1/health HTTP/1.1"),
    "two spaces behind the target": get(line=b"GET /api/v1/health  HTTP/1.1"),
    "tabs": get(line=b"GET\t/api/v1/health\tHTTP/1.1"),
    "space before the method": get(line=b" GET /api/v1/health HTTP/1.1"),
    "space in the target": get(line=b"GET /api/v1/health x HTTP/1.1"),
    "no Host": get(host=b""),
    "two Hosts": get(b"Host: b\r\n"),
    **{
        f"Host {host!r}": get(host=b"Host: " + host + b"\r\n")
        for host in [b"a b", b"a/b", b"u@a", b"a:x", b"[::1", b"a:1:2", b"a\x80", b"a\\b", b"a?b", b"a#b"]
    },
    **{
        f"chunks {chunks!r}": post(CHUNKED, chunks)
        for chunks in [
            *[
                size + b"\r\nhello\r\n" + END
                for size in (b"0x5", b"+5", b"-5", b" 5", b"5 ", b"5_0", b"", b"5\x0c")
            ],
            *[
                size + b"\r\nhello\r\n" + END
                for size in (b"1" + b"0" * 16 + b"5", b"F" * 16, b"100000005", b"F" * 17)
            ],
            *[
                b"5" + end + b"hello\r\n" + END
                for end in (b"\n", b";a\n", b';a="\n"\r\n', b";\r\n", b"\x00\r\n")
            ],
            b"5\r\nhello\n" + END,
            b"5\r\nhelloX\r\n" + END,
            b"5\r\nhell\r\n" + END,
            b"5\r\nhello" + END,
            b'5\r\nhello\r\n0;a="\n"\r\n\r\n',
            b"5\r\nhello\r\n0\r\nX: y\nZ: a\r\n\r\n",
            b"5\r\nhello\r\n0\r\n: y\r\n\r\n",
            b"5\r\nhello\r\n0\r\nContent-Length: 7\r\n\r\n",
            b"5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
        ]
    },
}


@pytest.mark.parametrize("request_bytes", REFUSED.values(), ids=REFUSED.keys())
def test_refused_and_closed_and_nothing_behind_it_is_answered(gateway, request_bytes):
    # On a connection that has served a good request, as a proxy keeps them for many clients.
    statuses, received = talk(gateway, GOOD + request_bytes + HIDDEN)
    assert statuses[0] == 200
    assert len(statuses) == 2 and statuses[1] in REFUSALS, received


# Incomplete, or ended where only a forgiving reader sees an end: there is no answer, and none to what is hidden.
UNFINISHED = {
    "LF for the last line end": b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n\n",
    "LF behind the last chunk": post(CHUNKED, b"5\r\nhello\r\n0\n\n"),
    "open quotes in a chunk extension": post(CHUNKED, b'5;a="\\"\r\nhello\r\n' + END),
    "length beyond the hidden request": post(b"Content-Length: 1000\r\n"),
    "chunk beyond the hidden request": post(CHUNKED, b"3e8\r\n"),
    "endless trailer": post(CHUNKED, b"0\r\nX: "),
}


@pytest.mark.parametrize("request_bytes", UNFINISHED.values(), ids=UNFINISHED.keys())
def test_unfinished_requests_hide_none(gateway, request_bytes):
    statuses, received = talk(gateway, request_bytes + HIDDEN, half_close=True)
    assert 200 not in statuses, received


# Every server frames these alike; the answer is that of one request, and then comes that of the next.
ONE_BODY = {
    "GET with a length": get(b"Content-Length: %d\r\n" % len(HIDDEN)) + HIDDEN,
    "POST with a length": post(b"Content-Length: %d\r\n" % len(HIDDEN), HIDDEN),
    "a chunk": post(CHUNKED, b"%x\r\n" % len(HIDDEN) + HIDDEN + b"\r\n" + END),
    "a chunk extension": post(CHUNKED, b'%x;a="b"\r\n' % len(HIDDEN) + HIDDEN + b"\r\n" + END),
    "spelled Chunked": post(
        b"Transfer-Encoding:\tChunked \r\n", b"%X\r\n" % len(HIDDEN) + HIDDEN + b"\r\n" + END
    ),
    "a trailer": post(CHUNKED, b"0\r\nHost: b\r\nConnection: close\r\nAuthorization: c\r\n\r\n"),
    "to an unknown path": b"POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN)
    + HIDDEN,
    "by CONNECT": b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    "by HEAD": b"HEAD /api/v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(HIDDEN)
    + HIDDEN,
    "an upgrade": get(b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n"),
}


@pytest.mark.parametrize("request_bytes", ONE_BODY.values(), ids=ONE_BODY.keys())
def test_a_body_is_never_a_request(gateway, request_bytes):
    statuses, received = talk(gateway, request_bytes + GOOD, half_close=True)
    assert len(statuses) == 2 and statuses[1] == 200, received
