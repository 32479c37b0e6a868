"""Very many event streams at once: begins the invocations that they follow, and one reader that is slow."""

import concurrent.futures
import http.client
import json
import resource
import socket
import threading
import time

BEGINNERS = 16
# Of the gateway: its database, its listener, its probe, its log.
OTHER_DESCRIPTORS = 200
PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"
LONG_PROMPT = PROMPT + ": tell it at length"
SLOW_BYTES = 512
PATIENCE_SECONDS = 60


def invocations_for(readers):
    """One a reader, or as many as the descriptors of one process allow: each is a connection to the runtime beside
    that of its reader. The readers that are left read with others."""
    left = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - OTHER_DESCRIPTORS - readers
    return max(1, min(readers, left))


def begin_invocations(port, count):
    """Asynchronous ones; the paths of their events. The first one's answer is long."""
    shares = [range(first, count, BEGINNERS) for first in range(min(BEGINNERS, count))]
    with concurrent.futures.ThreadPoolExecutor(len(shares)) as pool:
        begun = dict(pair for pairs in pool.map(lambda share: _begin(port, share), shares) for pair in pairs)
    return [begun[number] for number in range(count)]


def _begin(port, numbers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    headers = {"Content-Type": "application/json", "Prefer": "respond-async"}
    paths = []
    for number in numbers:
        body = json.dumps({"prompt": LONG_PROMPT if number == 0 else PROMPT})
        connection.request("POST", "/api/v1/invoke", body, headers)
        answer = connection.getresponse()
        accepted = json.loads(answer.read())
        if answer.status != 202:
            raise OSError(f"an invocation was not taken on: {accepted}")
        paths.append((number, accepted["events_url"]))
    connection.close()
    return paths


class SlowReader:
    """Takes so little that what is sent to it piles up, until it is asked to finish."""

    def __init__(self, port, path):
        self._socket = socket.socket()
        # Small segments and a small window, or the kernel would take megabytes for it.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.settimeout(PATIENCE_SECONDS)
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        self._read = b""
        self._is_slow = threading.Event()
        self._is_slow.set()
        self._thread = threading.Thread(target=self._dawdle, daemon=True)
        self._thread.start()

    def _dawdle(self):
        while self._is_slow.is_set():
            self._read += self._socket.recv(SLOW_BYTES)
            time.sleep(0.5)

    def finish(self, chunks):
        """Reads the rest at once; what was wrong with it, if anything."""
        self._is_slow.clear()
        self._thread.join()
        while_slow = len(self._read)
        pieces = [self._read]
        while piece := self._socket.recv(1 << 20):
            pieces.append(piece)
        self._socket.close()
        whole = b"".join(pieces)
        problems = []
        seqs = [int(line[4:]) for line in whole.split(b"\n") if line.startswith(b"id: ")]
        if seqs != list(range(chunks + 2)):
            problems.append(f"the slow reader was told the events {seqs}")
        if 2 * while_slow > len(whole):
            problems.append(f"the slow reader had {while_slow} of {len(whole)} bytes: it was not slow")
        return problems
