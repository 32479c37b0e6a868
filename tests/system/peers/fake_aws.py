"""Whatever hands out AWS credentials, on one loopback port: STS, the SSO portal and its tokens, a container's
endpoint, the instance metadata service. What it gives is made of what it was asked with, so that whoever gets
the same has asked the same. botocore's own signer checks who asks for a role."""

import datetime
import hashlib
import http.server
import json
import re
import threading
import time
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .planted_secrets import plant

SECRET = "secret-of-"
ROLE_PATH = "/latest/meta-data/iam/security-credentials/"
XML = """<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>
<AccessKeyId>{AccessKeyId}</AccessKeyId><SecretAccessKey>{SecretAccessKey}</SecretAccessKey>
<SessionToken>{SessionToken}</SessionToken><Expiration>{Expiration}</Expiration></Credentials>
<AssumedRoleUser><Arn>a</Arn><AssumedRoleId>b</AssumedRoleId></AssumedRoleUser></{action}Result>
<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>"""


def iso(seconds_ahead):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_ahead)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def made_of(*asked):
    """(id, secret, token)"""
    digest = hashlib.sha1("|".join(asked).encode()).hexdigest().upper()
    key_id = "ASIA" + digest[:16]
    return key_id, plant(SECRET + key_id), plant("token-of-" + key_id)


class FakeAws:
    """`keys`: the secrets of the long-lived ones, by id. `script(handler)` may answer in its place."""

    def __init__(self, keys=None):
        self.keys = dict(keys or {})
        self.role_name = "instance-role"
        self.seconds = 3600
        self.container_token = None
        self.script = None
        self.requests = []
        aws = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                self.close_connection = True
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                aws.requests.append((self.command, self.path, dict(self.headers), body))
                try:
                    if aws.script and aws.script(self):
                        return
                    aws.serve(self, body)
                except (BrokenPipeError, ConnectionResetError):
                    pass  # Who asked has given up, as some tests want it to.

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def give(self, *asked):
        key_id, secret, token = made_of(*asked)
        self.keys[key_id] = secret
        return {
            "AccessKeyId": key_id,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": iso(self.seconds),
        }

    def serve(self, handler, body):
        path = urllib.parse.urlsplit(handler.path)
        query = dict(urllib.parse.parse_qsl(path.query))
        if path.path == "/":
            self.serve_sts(handler, body)
        elif path.path == "/federation/credentials":
            self.serve_portal(handler, query)
        elif path.path == "/token":
            self.serve_oidc(handler, json.loads(body))
        elif path.path.startswith("/container"):
            self.serve_container(handler)
        else:
            self.serve_instance(handler, path.path)

    def serve_sts(self, handler, body):
        asked = dict(urllib.parse.parse_qsl(body.decode()))
        wants_json = handler.headers.get("Accept") == "application/json"
        caller = "token " + asked.get("WebIdentityToken", "")
        refusal = None
        if asked["Action"] == "AssumeRole":
            caller = self.caller_of(handler, body)
            refusal = None if caller else "SignatureDoesNotMatch"
        if "denied" in asked["RoleArn"]:
            refusal = "AccessDenied"
        if refusal:
            # With what no message may show.
            error = {"Code": refusal, "Message": f"no {asked.get('WebIdentityToken')}", "Type": "Sender"}
            as_xml = "".join(f"<{name}>{value}</{name}>" for name, value in error.items())
            text = json.dumps({"Error": error, "RequestId": "r"}) if wants_json else ""
            say(handler, 403, text or f"<ErrorResponse><Error>{as_xml}</Error></ErrorResponse>")
            return
        name = asked["RoleSessionName"]
        name = "" if re.match("(botocore-session|skymarshal)-[0-9]+$", name) else name
        more = (asked.get("ExternalId", ""), asked.get("DurationSeconds", ""))
        given = self.give(asked["Action"], asked["RoleArn"], name, caller, *more)
        if wants_json:
            given["Expiration"] = time.time() + self.seconds
            action = asked["Action"]
            say(handler, 200, json.dumps({f"{action}Response": {f"{action}Result": {"Credentials": given}}}))
        else:
            say(handler, 200, XML.format(action=asked["Action"], **given), "text/xml")

    def caller_of(self, handler, body):
        """The access key id, if the signature is right."""
        authorization = handler.headers["Authorization"]
        key_id, _, region, service, _ = re.search("Credential=([^,]+)", authorization)[1].split("/")
        names = re.search("SignedHeaders=([^,]+)", authorization)[1].split(";")
        headers = {name: handler.headers[name] for name in names}
        request = AWSRequest("POST", f"http://{handler.headers['Host']}/", data=body, headers=headers)
        request.context["timestamp"] = handler.headers["X-Amz-Date"]
        token = handler.headers.get("X-Amz-Security-Token")
        signer = SigV4Auth(Credentials(key_id, self.keys.get(key_id, "unknown"), token), service, region)
        text = signer.string_to_sign(request, signer.canonical_request(request))
        is_right = authorization.endswith("Signature=" + signer.signature(text, request))
        has_right_token = not key_id.startswith("ASIA") or token == "token-of-" + key_id
        return key_id if is_right and has_right_token and service == "sts" else None

    def serve_portal(self, handler, query):
        token = handler.headers.get("x-amz-sso_bearer_token", "")
        if not token.startswith("good"):
            say(handler, 401, json.dumps({"message": "no " + token}), error_type="UnauthorizedException")
            return
        given = self.give("sso", query["account_id"], query["role_name"], token)
        credentials = {
            "accessKeyId": given["AccessKeyId"],
            "secretAccessKey": given["SecretAccessKey"],
            "sessionToken": given["SessionToken"],
            "expiration": int((time.time() + self.seconds) * 1000),
        }
        say(handler, 200, json.dumps({"roleCredentials": credentials}))

    def serve_oidc(self, handler, asked):
        known = asked["refreshToken"] == "refresh-good" and asked["clientSecret"] == "client-secret"
        if not known or asked["grantType"] != "refresh_token":
            say(handler, 400, json.dumps({"error": "invalid_grant"}), error_type="InvalidGrantException")
            return
        answer = {"accessToken": plant("good-renewed"), "expiresIn": 28800, "refreshToken": plant("refresh-next")}
        say(handler, 200, json.dumps({**answer, "tokenType": "Bearer"}))

    def serve_container(self, handler):
        token = handler.headers.get("Authorization")
        if self.container_token and token != self.container_token:
            say(handler, 403, "{}")
            return
        say(handler, 200, json.dumps(as_metadata(self.give("container", handler.path, token or ""))))

    def serve_instance(self, handler, path):
        if path == "/latest/api/token" and handler.command == "PUT":
            ttl = handler.headers.get("X-aws-ec2-metadata-token-ttl-seconds")
            say(handler, 200 if ttl == "21600" else 400, "session-token", "text/plain")
        elif handler.headers.get("X-aws-ec2-metadata-token") != "session-token":
            say(handler, 401, "")
        elif path == ROLE_PATH and self.role_name:
            say(handler, 200, self.role_name, "text/plain")
        elif self.role_name and path == ROLE_PATH + self.role_name:
            given = as_metadata(self.give("instance", self.role_name))
            say(handler, 200, json.dumps({"Code": "Success", "Type": "AWS-HMAC", **given}))
        else:
            say(handler, 404, "")


def as_metadata(given):
    given = dict(given)
    given["Token"] = given.pop("SessionToken")
    return given


def say(handler, status, text, content_type="application/json", error_type=None):
    body = text.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    if error_type:
        handler.send_header("x-amzn-ErrorType", error_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
