"""However much somebody sends, the gateway keeps little of it, says what was too much, and serves the others."""

import pytest
from attackers import SANITIZED, resident_bytes, talk

MIB = 1024 * 1024
# What an allocator keeps for later, and the buffers of a few connections; a sanitizer keeps what was freed besides.
MARGIN_BYTES = 512 * MIB if SANITIZED else 64 * MIB
ROUNDS = 100
LINE = b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def gateway(serve):
    return serve()


FLOODS = {
    "target": (b"GET /" + b"a" * MIB, 414),
    "target of many parameters": (b"GET /api/v1/sessions?" + b"a=b&" * (MIB // 4), 414),
    "method": (b"G" * MIB, 414),
    "header line": (LINE + b"X: " + b"a" * MIB, 431),
    "header name": (LINE + b"a" * MIB, 431),
    "many headers": (LINE + b"a: b\r\n" * (MIB // 6), 431),
    "cookies": (LINE + (b"Cookie: a=" + b"b" * 4000 + b"\r\n") * 260, 431),
    "body by length": (POST + b"Content-Length: %d\r\n\r\n" % (MIB + 1) + b"a" * MIB, 413),
    "body by a huge length": (POST + b"Content-Length: 9223372036854775807\r\n\r\n" + b"a" * MIB, 413),
    "body in chunks": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"a" * 65536 + b"\r\n") * 17,
        413,
    ),
    "body in one chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\nffffff\r\n" + b"a" * MIB, 413),
    "chunk extensions": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"1;" + b"a" * 4000 + b"\r\nx\r\n") * 260,
        400,
    ),
}


@pytest.mark.parametrize(("data", "status"), FLOODS.values(), ids=FLOODS.keys())
def test_floods_are_refused_and_not_kept(gateway, data, status):
    talk(gateway, data)
    before = resident_bytes(gateway)
    answered = 0
    for _ in range(ROUNDS):
        statuses, received = talk(gateway, data)
        # Who goes on sending long after the refusal may find the connection reset, and the answer gone with it.
        assert statuses in ([status], []), received
        answered += len(statuses)
    assert answered > 0
    assert gateway.get("/api/v1/health").status == 200
    grown = resident_bytes(gateway) - before
    assert grown < MARGIN_BYTES, f"{ROUNDS} MiB were sent, {grown / MIB:.0f} MiB were kept"


def test_a_head_that_trickles_in_is_no_longer_than_another(gateway):
    """Each packet ends one byte behind a field, where a parser takes the field in and forgets how much there was."""
    with gateway.raw() as client:
        client.send(LINE + b"X")
        for _ in range(40):
            client.send(b": " + b"a" * 2000 + b"\r\nX")
            if client_has_answer(client):
                break
        assert client.read_answer().status == 431


def client_has_answer(client):
    client.socket.settimeout(0.05)
    try:
        client._fill()
        return True
    except TimeoutError:
        return False
    finally:
        client.socket.settimeout(20)


def test_held_bodies_are_bounded_by_their_limit(gateway):
    """Bodies that never end hold no more than they have sent; when their senders leave, it is given back."""
    before = resident_bytes(gateway)
    clients = [gateway.raw() for _ in range(50)]
    try:
        for client in clients:
            client.send(POST + b"Content-Length: %d\r\n\r\n" % MIB + b"a" * 1000)
        assert gateway.get("/api/v1/health").status == 200
        assert (
            resident_bytes(gateway) - before < MARGIN_BYTES // 2
        ), "room was made for what was only announced"
    finally:
        for client in clients:
            client.close()
