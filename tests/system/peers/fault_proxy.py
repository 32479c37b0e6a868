"""Stands between a gateway and DynamoDB, and does to each request what it is told to: passes it on, or a fault."""

import contextlib
import datetime
import email.utils
import http.client
import http.server
import json
import random
import socket
import struct
import threading
import time

PATIENCE_SECONDS = 20
ERROR_PREFIX = "com.amazonaws.dynamodb.v20120810#"
SIGNATURE_MINUTES = 5


class Exchange:
    """One request, as a fault sees it."""

    def __init__(self, handler, port):
        self._handler = handler
        self._port = port
        self.headers = handler.headers
        self.body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))

    def ask(self):
        """DynamoDB's answer: (status, headers, body)."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", self._handler.path, self.body, dict(self.headers.items()))
            response = connection.getresponse()
            body = response.read()
            dropped = ("connection", "content-length", "transfer-encoding", "keep-alive")
            headers = [(name, value) for name, value in response.getheaders() if name.lower() not in dropped]
            return response.status, headers, body
        finally:
            connection.close()

    def pass_on(self):
        self.answer(*self.ask())

    def answer(self, status, headers, body, cut_to=None):
        """With a cut, the connection ends before the body does."""
        head = f"HTTP/1.1 {status} It\r\nContent-Length: {len(body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers)
        self._handler.wfile.write(head.encode() + b"\r\n" + body[:cut_to])
        self._handler.close_connection = cut_to is not None

    def refuse(self, status, code, message, headers=()):
        body = json.dumps({"__type": ERROR_PREFIX + code, "message": message}).encode()
        self.answer(status, [("Content-Type", "application/x-amz-json-1.0"), *headers], body)

    def reset(self):
        """A TCP reset: the descriptor is closed at once, whoever else holds files over it."""
        self._handler.close_connection = True
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self._handler.connection.detach())


class FaultProxy:
    """`fault` is a function of an Exchange; None passes everything on."""

    def __init__(self, port):
        self.fault = None
        self.requests = 0
        # Requests that a fault was let at.
        self.faults = 0
        # Header fields of the last request, for those who want to see that it was signed.
        self.last_headers = {}
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                exchange = Exchange(self, port)
                fault = proxy.fault
                proxy.requests += 1
                proxy.faults += fault is not None
                proxy.last_headers = dict(exchange.headers.items())
                with contextlib.suppress(ConnectionError):
                    (fault or Exchange.pass_on)(exchange)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass  # A connection that was reset is no news here.

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @contextlib.contextmanager
    def failing(self, fault):
        self.fault = fault
        try:
            yield
        finally:
            self.fault = None

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


# -- faults --------------------------------------------------------------------------------------------


def throttle(exchange):
    exchange.refuse(400, "ProvisionedThroughputExceededException", "The level of configured throughput was exceeded")


def fail(exchange):
    exchange.refuse(500, "InternalServerError", "The request processing has failed")


def late(seconds):
    """Done, and told when nobody waits any longer."""

    def fault(exchange):
        answer = exchange.ask()
        time.sleep(seconds)
        exchange.answer(*answer)

    return fault


def slow(seconds):
    def fault(exchange):
        time.sleep(seconds)
        exchange.pass_on()

    return fault


def reset_before(exchange):
    exchange.reset()


def reset_after(exchange):
    exchange.ask()
    exchange.reset()


def half_an_answer(exchange):
    status, headers, body = exchange.ask()
    exchange.answer(status, headers, body, cut_to=len(body) // 2)


def wrong_checksum(exchange):
    """Its last letter before the closing brace is another one, or a blank is too many: still JSON, often."""
    status, headers, body = exchange.ask()
    assert any(name.lower() == "x-amz-crc32" for name, _ in headers)
    at = next((i for i in range(len(body) - 1, 0, -1) if body[i : i + 1].isalnum()), None)
    broken = body + b" " if at is None else body[:at] + (b"0" if body[at : at + 1] != b"0" else b"1") + body[at + 1 :]
    exchange.answer(status, headers, broken)


def unknown_table(exchange):
    exchange.refuse(400, "ResourceNotFoundException", "Requested resource not found")


def expired_token(exchange):
    exchange.refuse(400, "ExpiredTokenException", "The security token included in the request is expired")


# By what the service then does.
FAULTS = {
    "throttles": throttle,
    "fails": fail,
    "is slow": slow(5),
    "is late": late(5),
    "resets before": reset_before,
    "resets after": reset_after,
    "breaks off": half_an_answer,
    "has a wrong checksum": wrong_checksum,
    "has no table": unknown_table,
    "refuses the token": expired_token,
}


class Skewed:
    """A service whose clock is ahead, or behind: what was not signed by its time is refused, with its date."""

    def __init__(self, minutes):
        self._ahead = datetime.timedelta(minutes=minutes)
        self.refused = 0
        self.accepted = 0

    def __call__(self, exchange):
        now = datetime.datetime.now(datetime.timezone.utc) + self._ahead
        signed = datetime.datetime.strptime(exchange.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
        off = now - signed.replace(tzinfo=datetime.timezone.utc)
        if abs(off) <= datetime.timedelta(minutes=SIGNATURE_MINUTES):
            self.accepted += 1
            exchange.pass_on()
            return
        self.refused += 1
        what = "Signature expired" if off > datetime.timedelta() else "Signature not yet current"
        date = ("Date", email.utils.format_datetime(now, usegmt=True))
        exchange.refuse(400, "InvalidSignatureException", f"{what}: {signed} is too far from {now}", [date])


class Sometimes:
    """A share of the requests, by a fixed seed."""

    def __init__(self, fault, share, seed=20260131):
        self._fault = fault
        self._share = share
        self._random = random.Random(seed)

    def __call__(self, exchange):
        (self._fault if self._random.random() < self._share else Exchange.pass_on)(exchange)


class Once:
    """The first request, and no other."""

    def __init__(self, fault):
        self._fault = fault
        self._lock = threading.Lock()
        self._is_done = False

    def __call__(self, exchange):
        with self._lock:
            is_mine, self._is_done = not self._is_done, True
        (self._fault if is_mine else Exchange.pass_on)(exchange)
