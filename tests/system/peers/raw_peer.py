"""A runtime on bare sockets: for refusals, half frames, resets and garbage that no library sends."""

import base64
import hashlib
import json
import re
import socket
import struct
import threading

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0


def frame(payload, opcode=TEXT, fin=True, size=None, flags=0):
    """One unmasked frame (RFC 6455 section 5.2); `size` may lie about the payload."""
    payload = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    size = len(payload) if size is None else size
    head = bytes([(0x80 if fin else 0) | flags | opcode])
    if size < 126:
        head += bytes([size])
    elif size < 65536:
        head += bytes([126]) + struct.pack(">H", size)
    else:
        head += bytes([127]) + struct.pack(">Q", size)
    return head + payload


def close_frame(code, reason=b""):
    return frame(struct.pack(">H", code) + reason, CLOSE)


class RawLink:
    """One connection of the gateway."""

    def __init__(self, connection):
        self.socket = connection
        self.socket.settimeout(20)
        self.head = ""

    def read_head(self):
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.socket.recv(4096)
            if not piece:
                raise ConnectionError("it only looked whether somebody is here")
            data += piece
        self.head = data.decode("latin-1")

    def upgrade(self, together_with=b""):
        """Reads the handshake and accepts it; further bytes may leave in the same packet."""
        self.read_head()
        key = re.search(r"(?im)^sec-websocket-key: (\S+)", self.head).group(1)
        digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        accept = base64.b64encode(digest).decode()
        self.send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode() + together_with
        )

    def read_invoke(self, together_with=b""):
        """Accepts the handshake and reads frames until the gateway's message is whole."""
        self.upgrade(together_with)
        payload = b""
        while True:
            first, second = self.read_exactly(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self.read_exactly(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self.read_exactly(8))
            assert second & 0x80, "a client must mask its frames"
            mask = self.read_exactly(4)
            data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(self.read_exactly(size)))
            if first & 0x08:
                continue  # A ping, or the answer to one.
            payload += data
            if first & 0x80:
                return json.loads(payload)

    def read_exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.socket.recv(size - len(data))
            if not piece:
                raise ConnectionError("the gateway closed")
            data += piece
        return data

    def send(self, data):
        self.socket.sendall(data)

    def send_byte_by_byte(self, data):
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data:
            self.socket.sendall(bytes([byte]))

    def answer_http(self, status, reason="Nope", fields="", body="no"):
        """Answers the handshake like a server that does not want to speak WebSocket."""
        self.read_head()
        self.send(
            f"HTTP/1.1 {status} {reason}\r\nContent-Length: {len(body)}\r\n{fields}"
            f"Connection: close\r\n\r\n{body}".encode()
        )

    def drain(self):
        """Reads until the gateway closes."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionError:
            pass

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()

    def close(self):
        self.socket.close()


class RawPeer:
    """Runs `script(link)` for each connection on its own thread, then waits for the gateway to close."""

    def __init__(self, script):
        self.script = script
        # Connections on which the gateway began to speak: a health probe never does.
        self.attempts = 0
        self._lock = threading.Lock()
        self._open = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self):
        return f"ws://127.0.0.1:{self.port}/ws"

    @property
    def open_sockets(self):
        with self._lock:
            return self._open

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._open += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        link = RawLink(connection)
        try:
            if connection.recv(1, socket.MSG_PEEK):
                with self._lock:
                    self.attempts += 1
                self.script(link)
                link.drain()
        except OSError:
            pass
        finally:
            link.close()
            with self._lock:
                self._open -= 1

    def stop(self):
        self._listener.close()
