"""A closed-loop client that names sessions: each connection asks one thing after the other, in a session of its own
or in none. For gateways that do a thousand invocations a second or two: the load client can do more, and names no
session. Every answer is checked to its end.
"""

import json
import selectors
import socket
import time
import uuid

PROMPT = ("Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, "
          "286 passengers, 51 connecting")
# Of the runtime stub: whoever finds it has the whole answer (runtime_answer.hpp).
END_MARK = b"end of the recommendations"
PATIENCE_SECONDS = 60


class Connection:
    def __init__(self, port, in_session):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        question = {"prompt": PROMPT}
        self._session = str(uuid.uuid4()) if in_session else ""
        if in_session:
            question["session_id"] = self._session
        body = json.dumps(question).encode()
        self._request = (b"POST /api/v1/invoke HTTP/1.1\r\nHost: localhost\r\n"
                         b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)) + body
        self._answer = b""
        self._asked_at = 0.0

    def ask(self):
        self._answer = b""
        self._asked_at = time.perf_counter()
        self.socket.sendall(self._request)

    def hear(self):
        """Seconds from the question to the end of its answer, or None while there is more to come."""
        piece = self.socket.recv(1 << 16)
        if not piece:
            raise OSError("the gateway has closed the connection")
        self._answer += piece
        head, mark, body = self._answer.partition(b"\r\n\r\n")
        if not mark or len(body) < content_length(head):
            return None
        return time.perf_counter() - self._asked_at

    def fault(self):
        """What is wrong with the answer that it has heard; empty if nothing is."""
        head, _, body = self._answer.partition(b"\r\n\r\n")
        start = body[:300].decode(errors="replace")
        if not head.startswith(b"HTTP/1.1 200 "):
            return head.partition(b"\r\n")[0].decode(errors="replace") + ": " + start
        if END_MARK not in body or b'"status":"success"' not in body:
            return "incomplete: " + start
        if self._session.encode() not in body:
            return "of another session: " + start
        if b"\r\nx-session-persisted: false" in head.lower():
            return "not saved: " + head.decode(errors="replace")
        return ""


def content_length(head):
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise OSError(f"an answer without a length: {head!r}")


class Turns:
    """So many connections; warm() before the measurement, run() for it."""

    def __init__(self, port, connections, in_session):
        self._connections = [Connection(port, in_session) for _ in range(connections)]
        self.first_fault = ""
        self.faults = 0

    def warm(self, each):
        self._drive(lambda done: done >= each * len(self._connections))

    def run(self, seconds, most):
        """Begins none after so long, or, if `most` is not 0, after so many. Seconds of each, and of the whole."""
        begun = time.perf_counter()
        if most:
            times = self._drive(lambda done: done >= most)
        else:
            times = self._drive(lambda _: time.perf_counter() - begun >= seconds)
        return times, time.perf_counter() - begun

    def close(self):
        for connection in self._connections:
            connection.socket.close()

    def _drive(self, is_enough):
        """`is_enough` is asked with how many were begun."""
        times = []
        begun = 0
        open_ones = 0
        with selectors.DefaultSelector() as selector:
            for connection in self._connections:
                if is_enough(begun):
                    break
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.ask()
                begun += 1
                open_ones += 1
            while open_ones:
                ready = selector.select(PATIENCE_SECONDS)
                if not ready:
                    raise OSError(f"no answer within {PATIENCE_SECONDS} s")
                for key, _ in ready:
                    taken = key.data.hear()
                    if taken is None:
                        continue
                    times.append(taken)
                    self._note(key.data.fault())
                    open_ones -= 1
                    if not is_enough(begun):
                        key.data.ask()
                        begun += 1
                        open_ones += 1
        return times

    def _note(self, fault):
        if fault:
            self.faults += 1
            self.first_fault = self.first_fault or fault
