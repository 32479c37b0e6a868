"""What the attacks have in common: bytes of their own making, and a close look at what comes back."""

import re
import socket

from peers.clients import parse_head
from peers.gateway_process import BINARY

SANITIZED = any(name in open(BINARY, "rb").read() for name in (b"__asan_init", b"__tsan_init"))
# How long an answer may take on a busy machine; nothing waits so long when all is well.
PATIENCE_SECONDS = 60 if SANITIZED else 20


def talk(gateway, data, half_close=False):
    """(statuses of all answers, everything received): sends `data` and reads until the gateway closes.

    Without `half_close` the gateway must close of itself; with it the client says that it sends no more, so that
    what is incomplete is not waited for."""
    with socket.create_connection((gateway.host, gateway.port), PATIENCE_SECONDS) as client:
        received = b""
        try:
            client.sendall(data)
            if half_close:
                client.shutdown(socket.SHUT_WR)
            while piece := client.recv(65536):
                received += piece
        except ConnectionError:
            pass  # It may cut who goes on talking; what it said before counts.
        except TimeoutError:
            raise AssertionError(f"not closed, received so far: {received!r}") from None
    return statuses_of(received), received


def statuses_of(received):
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", received)]


def heads_of(received):
    """Status and fields of each answer, read strictly."""
    heads = re.findall(rb"(?s)(HTTP/1\.[01] \d{3} .*?)\r\n\r\n", received)
    return [parse_head(head) for head in heads]


def resident_bytes(gateway):
    with open(f"/proc/{gateway.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) * 1024
