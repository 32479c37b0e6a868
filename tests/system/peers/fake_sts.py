"""AWS STS as far as GetCallerIdentity goes: botocore's own signer checks signatures; answers are as STS's."""

import datetime
import http.server
import json
import threading
import time
import urllib.parse

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

DATE_FORM = "%Y%m%dT%H%M%SZ"
LIFE = datetime.timedelta(minutes=15)


def error(status, code, message="no"):
    return status, {"Error": {"Code": code, "Message": message, "Type": "Sender"}, "RequestId": "r"}


def expected_signature(keys, host, query, headers):
    """What the signer of `query` must have come to."""
    key_id, _, region, service, _ = query["X-Amz-Credential"].split("/")
    plain = {name: value for name, value in query.items() if not name.startswith("X-Amz-")}
    url = f"https://{host}/?" + urllib.parse.urlencode(plain, quote_via=urllib.parse.quote)
    request = AWSRequest("GET", url, headers=headers)
    request.context["timestamp"] = query["X-Amz-Date"]
    credentials = Credentials(key_id, keys[key_id]["secret"], query.get("X-Amz-Security-Token"))
    signer = SigV4QueryAuth(credentials, service, region, expires=int(query["X-Amz-Expires"]))
    signer._modify_request_before_signing(request)  # pylint: disable=protected-access
    return signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)


class FakeSts:
    """`keys`: {id: {"secret", "token"?, "arn"}}. `script(handler)` may answer in STS's place."""

    def __init__(self, keys, script=None):
        self.keys = keys
        self.script = script
        self.requests = []
        sts = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):  # pylint: disable=invalid-name
                sts.requests.append((self.path, dict(self.headers)))
                self.close_connection = True
                try:
                    if sts.script:
                        sts.script(self)
                    else:
                        say(self, *sts.judge(self.path, self.headers))
                except (BrokenPipeError, ConnectionResetError):
                    pass  # The gateway has given up, as some tests want it to.

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def judge(self, path, headers):
        parts = urllib.parse.urlsplit(path)
        assert parts.path == "/"
        pairs = urllib.parse.parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)
        query = dict(pairs)
        assert len(query) == len(pairs)
        key_id = query["X-Amz-Credential"].split("/")[0]
        if key_id not in self.keys:
            return error(
                403, "InvalidClientTokenId", "The security token included in the request is invalid."
            )
        if query.get("X-Amz-Security-Token") != self.keys[key_id].get("token"):
            return error(
                403, "InvalidClientTokenId", "The security token included in the request is invalid."
            )
        signed_at = datetime.datetime.strptime(query["X-Amz-Date"], DATE_FORM)
        if abs(datetime.datetime.utcnow() - signed_at) > LIFE:
            return error(403, "SignatureDoesNotMatch", "Signature expired: it is now too late")
        names = query["X-Amz-SignedHeaders"].split(";")
        signed = {name: headers[name] for name in names if name != "host" and headers[name] is not None}
        if query["X-Amz-Signature"] != expected_signature(self.keys, headers["Host"], query, signed):
            return error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match")
        arn = self.keys[key_id]["arn"]
        result = {"Account": arn.split(":")[4], "Arn": arn, "UserId": "AIDAEXAMPLE"}
        return 200, {
            "GetCallerIdentityResponse": {
                "GetCallerIdentityResult": result,
                "ResponseMetadata": {"RequestId": "01234567-89ab-cdef-0123-456789abcdef"},
            }
        }

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def say(handler, status, body, fields=()):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    for name, value in fields:
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def say_slowly(handler, seconds):
    """A head at once, and then a byte now and then."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)
