"""AWS's AgentCore data plane as a TLS server: every request is verified by botocore before a test's answer is played.

WebSockets are those of `websockets` (its sans-I/O connection), so that the bytes of the upgrade can be looked at.
"""

import asyncio
import dataclasses
import datetime
import hashlib
import json
import urllib.parse

import botocore.auth
import websockets.server
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from websockets.connection import State
from websockets.frames import Opcode

from .fake_runtime import ANSWER

SERVICE = "bedrock-agentcore"
SESSION = "x-amzn-bedrock-agentcore-runtime-session-id"
TRACES = {"traceparent", "tracestate", "x-amzn-trace-id"}


@dataclasses.dataclass
class Seen:
    """One request."""

    method: str
    target: str
    headers: list
    body: bytes
    tls_resumed: bool = False
    # What is wrong with its signature; None if nothing is.
    problem: str = None

    def header(self, name):
        values = [value for field, value in self.headers if field.lower() == name.lower()]
        assert len(values) <= 1, values
        return values[0] if values else None

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def signed_names(self):
        return self.header("authorization").split("SignedHeaders=")[1].split(",")[0].split(";")


def parse(head):
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines[1:] if line]
    return method, target, headers


def expected_authorization(seen, key, region):
    """What botocore puts there for the same request and instant."""
    request = AWSRequest(method=seen.method, url=f"https://{seen.header('host')}{seen.target}", data=seen.body)
    for name, value in seen.headers:
        if name.lower() in seen.signed_names:
            request.headers.add_header(name, value)
    request.context["timestamp"] = seen.header("x-amz-date")
    auth = botocore.auth.SigV4Auth(
        Credentials(key["access_key_id"], key["secret_access_key"], key.get("session_token")), SERVICE, region
    )
    text = auth.string_to_sign(request, auth.canonical_request(request))
    names = auth.signed_headers(auth.headers_to_sign(request))
    return (
        f"AWS4-HMAC-SHA256 Credential={auth.scope(request)}, SignedHeaders={names}, "
        f"Signature={auth.signature(text, request)}"
    )


def refuse(status, code="", message="", **headers):
    """An answer of the service's own."""
    body = json.dumps({"message": message}).encode()
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    if code:
        fields["x-amzn-ErrorType"] = code + ":http://internal.amazon.com/coral/com.amazon.bedrock/"
    return status, {"Content-Type": "application/json", **fields}, body


class FakeAgentCore:
    """`answers` are played in turn, one a request: None lets it in (a WebSocket is answered by `script`), a tuple is
    (status, fields, body). After the last one everything is let in."""

    def __init__(self, thread, tls, keys, region="us-west-2", answers=(), script=None):
        self.seen = []
        self.messages = []
        self.frame_sizes = []
        self.open_sockets = 0
        self.answers = list(answers)
        self.keys = {key["access_key_id"]: key for key in keys}
        self.bearer_tokens = set()
        self.clock_offset = datetime.timedelta()
        # Of signatures, by the test.
        self.expects_problems = False
        self._script = script or self._answer_at_once
        self._region = region
        self._thread = thread
        self._server = thread.run(self._serve(tls))
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self, tls):
        return await asyncio.start_server(self._handle, "127.0.0.1", 0, ssl=tls)

    def url(self):
        return f"https://localhost:{self.port}"

    def stop(self):
        async def close():
            self._server.close()
            await self._server.wait_closed()

        self._thread.run(close())

    def of(self, operation):
        """The requests for it: ws, invocations, stopruntimesession."""
        return [seen for seen in self.seen if seen.path.endswith("/" + operation)]

    # -- one connection ----------------------------------------------------------------------------

    async def _handle(self, reader, writer):
        self.open_sockets += 1
        try:
            await self._serve_connection(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_sockets -= 1
            writer.close()

    async def _serve_connection(self, reader, writer):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, headers = parse(head)
            length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
            seen = Seen(method, target, headers, await reader.readexactly(length))
            seen.tls_resumed = writer.get_extra_info("ssl_object").session_reused
            refusal = self._judge(seen)
            self.seen.append(seen)
            answer = self.answers.pop(0) if self.answers and refusal is None else refusal
            if answer is None and seen.path.endswith("/ws"):
                await self._talk(head, reader, writer)
                return
            if answer is None:
                answer = (200, {"Content-Type": "application/json"}, json.dumps(ANSWER).encode())
            await self._answer(writer, *answer)
            if seen.header("connection") == "close" or seen.path.endswith("/ws"):
                return

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.clock_offset

    async def _answer(self, writer, status, fields, body):
        fields = {"Date": self.now().strftime("%a, %d %b %Y %H:%M:%S GMT"), **fields}
        head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        if isinstance(body, bytes):
            writer.write(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            return
        # Pieces, each as a chunk; None cuts the connection.
        writer.write(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        for piece in body:
            if piece is None:
                writer.transport.abort()
                return
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    # -- who may come in ---------------------------------------------------------------------------

    def _judge(self, seen):
        authorization = seen.header("authorization") or ""
        if authorization.startswith("Bearer "):
            if authorization.removeprefix("Bearer ") in self.bearer_tokens:
                return None
            return refuse(401, "UnauthorizedException", "the token is not good")
        seen.problem = self._problem_with(seen, authorization)
        if seen.problem:
            return refuse(403, "InvalidSignatureException", seen.problem)
        return None

    def _problem_with(self, seen, authorization):
        if not authorization.startswith("AWS4-HMAC-SHA256 "):
            return "Missing Authentication Token"
        key = self.keys.get(authorization.split("Credential=")[1].split("/")[0])
        if key is None:
            return "The security token included in the request is invalid."
        stamp = datetime.datetime.strptime(seen.header("x-amz-date"), "%Y%m%dT%H%M%SZ")
        stamp = stamp.replace(tzinfo=datetime.timezone.utc)
        if abs(self.now() - stamp) > datetime.timedelta(minutes=5):
            return f"Signature expired: {stamp} is now earlier than {self.now()}"
        if (seen.header("x-amz-security-token") or "") != key.get("session_token", ""):
            return "The security token included in the request is invalid."
        required = {"host", "x-amz-date", SESSION} | ({"x-amz-security-token"} if key.get("session_token") else set())
        if missing := required - set(seen.signed_names):
            return f"not signed: {missing}"
        if wrong := TRACES & set(seen.signed_names):
            return f"signed, though others change them: {wrong}"
        if seen.header("x-amz-content-sha256") != hashlib.sha256(seen.body).hexdigest():
            return "another body was signed"
        expected = expected_authorization(seen, key, self._region)
        return None if authorization == expected else f"expected {expected}, got {authorization}"

    # -- the agent behind it -----------------------------------------------------------------------

    @staticmethod
    async def _answer_at_once(send, _request):
        await send({"type": "chunk", "data": {"agent": "cargo", "status": "approved", "partial_result": {}}})
        await send({"type": "complete", "data": ANSWER})

    async def _talk(self, head, reader, writer):
        connection = websockets.server.ServerConnection(max_size=None)
        connection.receive_data(head)
        (request,) = connection.events_received()
        connection.send_response(connection.accept(request))
        await self._flush(connection, writer)

        async def send(message):
            connection.send_text(json.dumps(message).encode())
            await self._flush(connection, writer)

        text = b""
        while connection.state is State.OPEN:
            data = await reader.read(65536)
            if not data:
                return
            connection.receive_data(data)
            for frame in connection.events_received():
                if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
                    continue
                self.frame_sizes.append(len(frame.data))
                text += frame.data
                if frame.fin:
                    self.messages.append(json.loads(text))
                    text = b""
                    await self._script(send, self.messages[-1])
            await self._flush(connection, writer)

    @staticmethod
    async def _flush(connection, writer):
        for data in connection.data_to_send():
            if data:
                writer.write(data)
            elif writer.can_write_eof():
                writer.write_eof()
        await writer.drain()


def with_one_escape(arn):
    """The ARN as it stands in a path."""
    return urllib.parse.quote(arn, safe="")
