"""A language model's server: chat completions over HTTP, streamed as server-sent events, by Python's own
http.server. A script says what becomes of each request."""

import http.server
import json
import threading


def assessment_of(request):
    """What the request gives the model to word."""
    return json.loads(request["messages"][1]["content"])


def events(text, size=11):
    """The answer as a stream of events: a few letters each, the end, and what it cost."""
    for at in range(0, len(text), size):
        yield {"choices": [{"index": 0, "delta": {"content": text[at : at + size]}, "finish_reason": None}]}
    yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    yield {"choices": [], "usage": {"total_tokens": 7}}


class FakeModel:
    """`script(handler, request)` answers by means of `say`, `refuse` or the handler itself."""

    def __init__(self, script):
        self.requests = []
        self.headers = []
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # pylint: disable=invalid-name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = json.loads(body)
                model.requests.append((self.path, request))
                model.headers.append(self.headers)
                self.close_connection = True
                try:
                    script(self, request)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # The client has given up, as some tests want it to.

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def refuse(handler, status):
    handler.send_response(status)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def say(handler, text, done=True):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    lines = [f"data: {json.dumps(event)}\n\n" for event in events(text)]
    if not done:
        lines = lines[: len(lines) // 2]
    for line in lines + (["data: [DONE]\n\n"] if done else []):
        data = line.encode()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        handler.wfile.flush()
    handler.wfile.write(b"0\r\n\r\n")
