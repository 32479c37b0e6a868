"""Foreign signers of requests: botocore in this process, AWS's JavaScript signer in one of its own."""

import base64
import dataclasses
import json
import subprocess
import urllib.parse

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .node import FOLDER
from .planted_secrets import plant

SERVICE = "execute-api"
# What RFC 3986 section 2.3 leaves as it is.
UNRESERVED = "-_.~"


@dataclasses.dataclass
class Key:
    access_key_id: str
    secret_access_key: str
    session_token: str = ""

    @staticmethod
    def of(made):
        """What `skymarshal keys add --json` prints."""
        token = made.get("session_token", "")
        return Key(made["access_key_id"], plant(made["secret_access_key"]), plant(token) if token else "")


@dataclasses.dataclass
class Wire:
    """A request as its bytes go out. A header may stand more than once; the path is encoded already."""

    method: str
    path: str
    query: list = dataclasses.field(default_factory=list)
    headers: list = dataclasses.field(default_factory=list)
    body: bytes = b""

    def target(self):
        if not self.query:
            return self.path
        pairs = (
            f"{urllib.parse.quote(name, safe=UNRESERVED)}={urllib.parse.quote(value, safe=UNRESERVED)}"
            for name, value in self.query
        )
        return self.path + "?" + "&".join(pairs)

    def header(self, name):
        return next(value for field, value in self.headers if field.lower() == name.lower())

    def bytes(self):
        head = f"{self.method} {self.target()} HTTP/1.1\r\n"
        for name, value in self.headers:
            head += f"{name}: {value}\r\n"
        head += f"Content-Length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body


def sign_by_botocore(wire, key, region="us-east-1", presign_seconds=None):
    """A signed copy. The host must be among the headers."""
    request = AWSRequest(
        method=wire.method, url=f"http://{wire.header('Host')}{wire.target()}", data=wire.body
    )
    for name, value in wire.headers:
        request.headers.add_header(name, value)
    credentials = Credentials(key.access_key_id, key.secret_access_key, key.session_token or None)
    if presign_seconds:
        SigV4QueryAuth(credentials, SERVICE, region, expires=presign_seconds).add_auth(request)
        query = urllib.parse.parse_qsl(urllib.parse.urlsplit(request.url).query, keep_blank_values=True)
        return dataclasses.replace(wire, query=query, headers=list(wire.headers))
    SigV4Auth(credentials, SERVICE, region).add_auth(request)
    # Fields that stood there before keep their spelling; the signer may have put others behind them.
    known = {name.lower() for name, _ in wire.headers}
    added = [(name, value) for name, value in request.headers.items() if name.lower() not in known]
    return dataclasses.replace(wire, query=list(wire.query), headers=list(wire.headers) + added)


def sign_by_smithy(node, jobs, region="eu-central-1"):
    """Signed copies of [(wire, key, presign)], in order. Its headers and parameters are single-valued maps but for
    lists of values of a parameter."""
    lines = []
    for wire, key, presign in jobs:
        query = {}
        for name, value in wire.query:
            query[name] = [*query[name], value] if name in query else [value]
        credentials = {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret_access_key}
        if key.session_token:
            credentials["sessionToken"] = key.session_token
        lines.append(
            json.dumps(
                {
                    "credentials": credentials,
                    "region": region,
                    "method": wire.method,
                    "path": wire.path,
                    "query": {
                        name: values[0] if len(values) == 1 else values for name, values in query.items()
                    },
                    "headers": dict(wire.headers),
                    "body": base64.b64encode(wire.body).decode(),
                    "presign": presign,
                }
            )
        )
    done = subprocess.run(
        [node, str(FOLDER / "sign_requests.js")],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        cwd=FOLDER,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    signed = []
    for (wire, _, _), line in zip(jobs, done.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        query = []
        for name, values in answer["query"].items():
            query += [(name, value) for value in (values if isinstance(values, list) else [values])]
        signed.append(dataclasses.replace(wire, query=query, headers=list(answer["headers"].items())))
    return signed
