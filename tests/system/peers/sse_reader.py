"""Follows an event stream on a thread of its own and notes when each event came."""

import http.client
import json
import threading
import time

from .event_ids import seq_of


class SseReader:
    """`events`: (seq, the event, when it came) as they come, until the stream ends or breaks."""

    def __init__(self, gateway, target, method="GET", body=None, headers=None, seconds=60):
        self.events = []
        self._connection = http.client.HTTPConnection(gateway.host, gateway.port, timeout=seconds)
        body = None if body is None else json.dumps(body)
        self._connection.request(method, target, body, dict(headers or {}))
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self.request_id = self._response.getheader("X-Request-Id")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        seq = None
        try:
            while line := self._response.readline().decode():
                if line.startswith("id: "):
                    seq = seq_of(line)
                elif line.startswith("data: ") and line.endswith("\n"):
                    self.events.append((seq, json.loads(line.removeprefix("data: ")), time.monotonic()))
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self._connection.close()

    def wait(self, seconds=60):
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "it never ends"
        return self.events
