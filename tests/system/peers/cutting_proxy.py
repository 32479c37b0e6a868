"""A TCP proxy that cuts its first connections after some bytes of the answer, then lets all through."""

import contextlib
import socket
import threading

PATIENCE_SECONDS = 20


class CuttingProxy:
    """Listens on loopback in front of `port`. `limits`: the bytes that each of the first connections gets, up to the
    end of an event where it cuts `between_events` only."""

    def __init__(self, port, limits, between_events=False):
        self.cuts = 0
        self._between_events = between_events
        self._target = port
        self._limits = list(limits)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with self._lock:
            limit = self._limits.pop(0) if self._limits else None
        with client, socket.create_connection(("127.0.0.1", self._target), PATIENCE_SECONDS) as server:
            client.settimeout(PATIENCE_SECONDS)
            threading.Thread(target=self._pass_requests, args=(client, server), daemon=True).start()
            with contextlib.suppress(OSError):
                self._pass_answers(server, client, limit)
            # Closing alone would wait for the thread that reads.
            for side in (client, server):
                with contextlib.suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _pass_requests(client, server):
        with contextlib.suppress(OSError):
            while piece := client.recv(65536):
                server.sendall(piece)
            server.shutdown(socket.SHUT_WR)

    def _pass_answers(self, server, client, limit):
        passed = 0
        while piece := server.recv(65536):
            cut = self._place_to_cut(piece, limit - passed) if limit is not None else None
            client.sendall(piece[:cut])
            if cut is not None:
                with self._lock:
                    self.cuts += 1
                return
            passed += len(piece)

    def _place_to_cut(self, piece, left):
        """In this piece; None lets all of it pass."""
        if left >= len(piece):
            return None
        if not self._between_events:
            return left
        end = piece.find(b"\n\n", max(left, 0))
        return None if end < 0 else end + 2
