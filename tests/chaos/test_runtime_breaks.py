"""A runtime that breaks the conversation in every way we could think of: the answer says so, and it ends.

After each test the fixture checks that all slots are free, no connection to the runtime is open, the gateway
ends with 0 on SIGTERM, and no sanitizer has spoken.
"""

import json
import os
import struct
import time

import pytest
from cases import CHUNK, COMPLETE, PATIENT, PROTOCOL, QUICK, SOON_SECONDS, Case, both_modes, run
from peers.raw_peer import BINARY, CLOSE, CONTINUATION, PING, TEXT, close_frame, frame


def after_invoke(*pieces, chunks=1, end=None):
    """Sends chunks, then these bytes, then ends by closing, by a reset, or not at all."""

    def script(link):
        link.read_invoke()
        for _ in range(chunks):
            link.send(frame(CHUNK))
        for piece in pieces:
            link.send(piece)
        if end == "close":
            link.close()
        elif end == "reset":
            link.reset()

    return script


def random_bytes(link):
    link.read_invoke()
    link.send(os.urandom(4096))


def upgrade_then(data):
    def script(link):
        link.read_head()
        link.send(data)

    return script


BROKEN = {
    "closes without an end": Case(after_invoke(close_frame(1000))),
    "closes without an end or a chunk": Case(after_invoke(close_frame(1000), chunks=0)),
    "closes with 1011": Case(after_invoke(close_frame(1011))),
    "closes with 1012 after a chunk": Case(after_invoke(close_frame(1012))),
    "closes without a code": Case(after_invoke(frame(b"", CLOSE))),
    "closes the connection": Case(after_invoke(end="close")),
    "closes the connection before a chunk": Case(after_invoke(end="close", chunks=0)),
    "resets the connection": Case(after_invoke(end="reset")),
    "closes within a frame": Case(after_invoke(frame(COMPLETE)[:-5], end="close")),
    "resets within a frame": Case(after_invoke(frame(COMPLETE)[:-5], end="reset")),
    "resets within a frame's head": Case(after_invoke(frame(COMPLETE)[:1], end="reset")),
    "resets within fragments": Case(after_invoke(frame(b'{"type"', fin=False), end="reset")),
    "sends no JSON and closes": Case(after_invoke(frame(b"hello"), end="close")),
    "sends an empty message and closes": Case(after_invoke(frame(b""), end="close")),
    "sends half an end": Case(after_invoke(frame(b'{"type":"complete","data":{'))),
    "sends NaN in its end": Case(after_invoke(frame(b'{"type":"complete","data":{"confidence":NaN}}'))),
    "sends JSON that is no object and closes": Case(after_invoke(frame(b"[1,2]"), end="close")),
    "sends two values and closes": Case(after_invoke(frame(b'{"type":"chunk","data":{}} {}'), end="close")),
    "sends 17 messages that are no JSON": Case(after_invoke(frame(b"hello") * 17)),
    "sends an error that is no object": Case(after_invoke(frame({"type": "error", "error": 5})), 502, None),
    "sends binary garbage and closes": Case(after_invoke(frame(bytes(range(256)), BINARY), end="close")),
    "sends text that is no UTF-8": Case(after_invoke(frame(b'{"type":"chunk","data":"\xff"}'))),
    "nests too deeply and closes": Case(
        after_invoke(frame(b'{"data":' + b"[" * 5000 + b"]" * 5000 + b"}"), end="close")),
    "sends a message beyond the limit": Case(
        after_invoke(frame(json.dumps({"type": "chunk", "data": "x" * 70_000}).encode()))),
    "sends fragments beyond the limit": Case(
        after_invoke(frame(b"[" + b"1," * 20_000, fin=False), frame(b"1," * 20_000, CONTINUATION))),
    "announces a frame of 2^62 bytes": Case(after_invoke(frame(b"", size=2**62))),
    "announces a frame of 2^64-1 bytes": Case(after_invoke(frame(b"", size=2**64 - 1))),
    "masks its frames": Case(after_invoke(b"\x81\x82\x01\x02\x03\x04" + b"{}")),
    "uses a reserved opcode": Case(after_invoke(frame(b"{}", 3))),
    "sets reserved bits": Case(after_invoke(frame(COMPLETE, flags=0x40))),
    "continues nothing": Case(after_invoke(frame(b"{}", CONTINUATION))),
    "begins a message within a message": Case(
        after_invoke(frame(b'{"type"', fin=False), frame(COMPLETE, TEXT))),
    "sends a ping of 126 bytes": Case(after_invoke(frame(b"x" * 126, PING))),
    "sends a ping in fragments": Case(after_invoke(frame(b"x", PING, fin=False))),
    "closes with a code of one byte": Case(after_invoke(frame(b"\x03", CLOSE))),
    "closes with a code that is not allowed": Case(after_invoke(frame(struct.pack(">H", 1005), CLOSE))),
    "sends no HTTP": Case(upgrade_then(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), 502, "CONNECTION_FAILED", None),
    "accepts with the wrong key": Case(
        upgrade_then(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"
        ),
        502, None, None,
    ),
    "never ends its head": Case(upgrade_then(b"HTTP/1.1 101 X\r\nX: " + b"y" * 100_000), 502, None, None),
}  # fmt: skip


@both_modes
@pytest.mark.parametrize("name", BROKEN)
def test_breaks_the_conversation(start_gateway, start_raw_runtime, name, streaming):
    case = BROKEN[name]
    runtime = start_raw_runtime(case.script)
    started = time.monotonic()
    _, code, answer = run(start_gateway(runtime, **PATIENT), streaming)
    assert code is not None, answer
    assert case.code is None or code == case.code, answer
    assert streaming or answer.status == case.status, answer
    assert time.monotonic() - started < SOON_SECONDS, "no limit was waited for"
    if case.attempts is not None:
        assert runtime.attempts == case.attempts, "an invocation that may have begun must not begin again"


@both_modes
def test_sends_random_bytes(start_gateway, start_raw_runtime, streaming):
    """No promise but an error of the runtime's making, in time, whatever the bytes mean as frames."""
    runtime = start_raw_runtime(random_bytes)
    gateway = start_gateway(runtime, **QUICK)
    for _ in range(10):
        _, code, answer = run(gateway, streaming)
        assert code in (PROTOCOL, "TIMEOUT"), answer
        assert streaming or answer.status in (502, 504)
