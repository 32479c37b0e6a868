"""HTTP clients: curl, Python's http.client, and a bare socket for what no proper client would send."""

import dataclasses
import http.client
import json
import pathlib
import re
import socket
import subprocess
import tempfile

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclasses.dataclass
class Answer:
    status: int
    # Name in lower case, value; in the order they came.
    fields: list
    body: bytes

    def header(self, name):
        values = [value for field, value in self.fields if field == name.lower()]
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)

    @property
    def error_code(self):
        return self.json()["error_code"]


def request(host, port, method, target, body=None, headers=None, timeout=30):
    """One request on a connection of its own. A body that is no bytes is sent as JSON."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    if body is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        fields = [(name.lower(), value) for name, value in response.getheaders()]
        return Answer(response.status, fields, response.read())
    finally:
        connection.close()


def parse_head(head):
    """Status and fields of a response head, without a library's forgiveness."""
    lines = head.decode("latin-1").split("\r\n")
    match = re.fullmatch(r"HTTP/1\.[01] (\d{3}) (.*)", lines[0])
    assert match, lines[0]
    fields = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        assert colon and name and name == name.strip(), line
        fields.append((name.lower(), value.strip(" \t")))
    return int(match.group(1)), fields


def curl(url, *arguments, data=None, max_time=30):
    """curl's answer to one request; `data` goes to its standard input byte for byte."""
    with tempfile.TemporaryDirectory() as folder:
        head_path, body_path = pathlib.Path(folder) / "head", pathlib.Path(folder) / "body"
        command = [
            "curl",
            "-sS",
            "-q",
            "--max-time",
            str(max_time),
            "-D",
            head_path,
            "-o",
            body_path,
            *arguments,
        ]
        if data is not None:
            command += ["--data-binary", "@-"]
        done = subprocess.run([*command, url], input=data, capture_output=True, check=False)
        if done.returncode != 0:
            raise CurlError(done.returncode, done.stderr.decode())
        heads = head_path.read_bytes().removesuffix(b"\r\n\r\n").split(b"\r\n\r\n")
        status, fields = parse_head(heads[-1])
        body = body_path.read_bytes() if body_path.exists() else b""
        if "--head" in arguments:
            body = body.removeprefix(head_path.read_bytes())  # There, curl writes the head to both.
        return Answer(status, fields, body)


class CurlError(Exception):
    def __init__(self, code, message):
        super().__init__(f"curl ended with {code}: {message}")
        self.code = code


def curl_json(url, value, *arguments):
    """POSTs JSON; a value of bytes goes out as it is."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return curl(url, "-H", "Content-Type: application/json", *arguments, data=data)


class RawConnection:
    """A TCP connection on which a test decides about every byte."""

    def __init__(self, host, port, receive_buffer=None, timeout=20):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data)

    def send_invoke(self, body, extra=""):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        head = (
            "POST /api/v1/invoke HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
            f"{extra}Content-Length: {len(body)}\r\n\r\n"
        )
        self.send(head.encode() + body)

    def read_until(self, end):
        """Everything up to and with `end`."""
        while end not in self.buffer:
            self._fill()
        found, _, self.buffer = self.buffer.partition(end)
        return found + end

    def read_exactly(self, size):
        while len(self.buffer) < size:
            self._fill()
        found, self.buffer = self.buffer[:size], self.buffer[size:]
        return found

    def _fill(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise EOFError(f"the gateway closed; unread: {self.buffer[:500]!r}")
        self.buffer += piece

    def read_answer(self, head_only=False):
        """One response: with Content-Length, chunked, or none at all."""
        status, fields = parse_head(self.read_until(b"\r\n\r\n")[:-4])
        answer = Answer(status, fields, b"")
        if head_only or status in (204, 304) or status < 200:
            return answer
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            answer.body = b"".join(self.read_chunks())
        else:
            answer.body = self.read_exactly(int(answer.header("content-length")))
        return answer

    def read_chunks(self):
        while True:
            size = int(self.read_until(b"\r\n")[:-2].split(b";")[0], 16)
            data = self.read_exactly(size)
            assert self.read_exactly(2) == b"\r\n"
            if size == 0:
                return
            yield data

    def at_end(self, seconds=20):
        """Whether the gateway has closed, or cut, the connection within that time, whatever else it sent."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def reset(self):
        """Closes with a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.socket.close()

    def close(self):
        self.socket.close()


def sse_frames(body):
    """The frames of an event stream of ours: each is one data line of JSON, or a comment."""
    text = body.decode("utf-8")
    assert text.endswith("\n\n"), text[-200:]
    frames = text.removesuffix("\n\n").split("\n\n")
    for frame in frames:
        assert "\n" not in frame and (frame.startswith("data: ") or frame.startswith(":")), frame
    return frames


def sse_events(body):
    return [
        json.loads(frame.removeprefix("data: ")) for frame in sse_frames(body) if frame.startswith("data: ")
    ]


def expect_problem(answer, status, code):
    """An error as section 7 of the specification has it, with the headers of every answer."""
    assert answer.status == status, answer
    body = answer.json()
    assert body["status"] == "error" and body["error_code"] == code, body
    assert body["error_message"] and body["request_id"] == answer.header("x-request-id")
    expect_common_headers(answer)


def expect_common_headers(answer):
    assert UUID4.fullmatch(answer.header("x-request-id")), answer.fields
    assert answer.header("x-api-version") == "v1"
    assert answer.header("access-control-allow-origin")
    assert "total;dur=" in answer.header("server-timing")
