"""Signatures of signers that nobody of this project wrote are accepted; any changed byte of what they signed is not.

Requests are sent byte for byte as they were signed. A good signature is any answer but 401: which one depends on
the request (404 for a session that is not there, 400 for parameters that mean nothing). Property 22.
"""

import dataclasses
import json
import random
import string
import urllib.parse

import pytest

from peers.clients import curl
from peers.gateway_process import run_command
from peers.signers import Key, Wire, sign_by_botocore, sign_by_smithy

SEED = 20250101
REQUESTS = 320
ODD = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~äöü€漢字🛩\u0301abcXYZ019"
WORDS = ["limit", "status", "cursor", "Limit", "a", "a-b", "a.b", "ä", "", "z", "X-Thing"]


def new_key(file, *options):
    done = run_command(
        "keys", "add", "--file", str(file), "--principal", "arn:aws:iam::123456789012:user/interop", "--json", *options
    )
    assert done.returncode == 0, done.stderr
    return Key.of(json.loads(done.stdout))


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A lasting key and a temporary one, and the file that has both."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    return new_key(file), new_key(file, "--expires-in", "3600"), file


@pytest.fixture
def gateway(start_gateway, keys):
    return start_gateway(
        auth="iam", keys=keys[2], rate_limit=0, account_rate_limit=0, auth_failures_max=0, log_level="OFF"
    )


def odd_text(dice, longest):
    return "".join(dice.choice(ODD) for _ in range(dice.randint(1, longest)))


def odd_segment(dice):
    """Percent-encoded, sometimes also what need not be; dot segments and their like are none of our paths."""
    text = odd_text(dice, 12)
    if text.strip(".") == "":
        text += "x"
    safe = dice.choice(["", "-_.~", "-_.~!$&'()*+,;=:@"])
    return urllib.parse.quote(text, safe=safe)


def wires(host, repeated_fields):
    """Requests of all kinds, none of which runs an agent."""
    dice = random.Random(SEED)
    for number in range(REQUESTS):
        headers = [("Host", host)]
        if dice.random() < 0.5:
            headers.append(("X-Odd-Spacing", dice.choice(["  a   b  ", "\ta\t b", "a,b ,  c", "\"q  q\"", "a"])))
        if repeated_fields and dice.random() < 0.3:
            headers += [("X-Again", " first  one"), ("X-Again", "second ")]
        if dice.random() < 0.3:
            headers.append(("x-amz-meta-" + dice.choice(["a", "zz"]), odd_ascii(dice)))
        query = []
        if dice.random() < 0.6:
            names = dice.choices(WORDS, k=dice.randint(1, 5))
            query = [(name, odd_text(dice, 8) if dice.random() < 0.8 else "") for name in names if name]
        kind = number % 4
        if kind == 0:
            yield Wire("GET", "/api/v1/sessions", query, headers)
        elif kind == 1:
            yield Wire("GET", "/api/v1/sessions/" + odd_segment(dice), query, headers)
        elif kind == 2:
            yield Wire("DELETE", "/api/v1/sessions/" + odd_segment(dice), query, headers)
        else:
            size = dice.choice([0, 1, 17, 1000, 65_537, 1_048_576 if number % 40 == 3 else 4096])
            headers.append(("Content-Type", "application/json"))
            yield Wire("POST", "/api/v1/invoke", query, headers, dice.randbytes(size))


def odd_ascii(dice):
    return "".join(dice.choice(string.ascii_letters + string.digits + ";=/+") for _ in range(dice.randint(1, 20)))


class Sender:
    """Keeps a connection as long as the gateway does."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.connection = None

    def __call__(self, wire):
        if self.connection is None:
            self.connection = self.gateway.raw()
        self.connection.send(wire.bytes())
        answer = self.connection.read_answer(head_only=wire.method == "HEAD")
        if answer.header("connection") == "close":
            self.connection.close()
            self.connection = None
        return answer


def other(character, dice):
    """Another of the same kind, so that the request stays one."""
    for kind in (string.digits, string.ascii_lowercase, string.ascii_uppercase):
        if character in kind:
            return dice.choice(kind.replace(character, ""))
    return "q"


def with_a_change(text, dice, taken=string.ascii_letters + string.digits):
    places = [place for place, character in enumerate(text) if character in taken]
    if not places:
        return None
    place = dice.choice(places)
    return text[:place] + other(text[place], dice) + text[place + 1 :]


def mutations(wire, dice):
    """(what was changed, the request with it): one byte each of everything that was signed."""
    yield "method", dataclasses.replace(wire, method={"GET": "HEAD"}.get(wire.method, "PUT"))
    segment = wire.path.rsplit("/", 1)[1]
    # A changed letter of an escape could make it a broken one, which is refused before anybody is asked who calls.
    changed = with_a_change(segment, dice) if "%" not in segment else segment + "x"
    if changed:
        yield "path", dataclasses.replace(wire, path=wire.path[: -len(segment)] + changed)
    for index, (name, value) in enumerate(wire.query):
        changed = with_a_change(value, dice) or value + "x"
        pairs = [*wire.query[:index], (name, changed), *wire.query[index + 1 :]]
        yield f"parameter {name}", dataclasses.replace(wire, query=pairs)
    yield "another parameter", dataclasses.replace(wire, query=[*wire.query, ("more", "1")])
    for index, (name, value) in enumerate(wire.headers):
        for part in value.split(", ") if name.lower() == "authorization" else [value]:
            changed = with_a_change(part, dice)
            if changed is None:
                continue
            fields = [*wire.headers[:index], (name, value.replace(part, changed, 1)), *wire.headers[index + 1 :]]
            yield f"{name} ({part[:20]})", dataclasses.replace(wire, headers=fields)
    if wire.body:
        place = dice.randrange(len(wire.body))
        flipped = bytes([wire.body[place] ^ 1])
        yield "body", dataclasses.replace(wire, body=wire.body[:place] + flipped + wire.body[place + 1 :])


def refused(answer, what):
    """401; or, where the change made it another route, that route's refusal before anybody is asked who calls."""
    if answer.status == 401:
        return True
    if what == "method":
        return answer.status == 405
    return what == "path" and answer.status == 404 and answer.error_code == "NOT_FOUND"


def expect_all(gateway, signed, mutate_every):
    send = Sender(gateway)
    dice = random.Random(SEED)
    changed = 0
    for number, wire in enumerate(signed):
        answer = send(wire)
        assert answer.status != 401, (number, wire.target(), wire.headers, answer)
        if number % mutate_every:
            continue
        for what, mutation in mutations(wire, dice):
            answer = send(mutation)
            assert refused(answer, what), (number, what, mutation.target(), mutation.headers, answer)
            changed += 1
    return changed


def host_of(gateway):
    return f"{gateway.host}:{gateway.port}"


def test_botocore_signs_and_nobody_changes_a_byte(gateway, keys):
    dice = random.Random(SEED)
    signed = [
        sign_by_botocore(wire, dice.choice(keys[:2])) for wire in wires(host_of(gateway), repeated_fields=True)
    ]
    assert len(signed) == REQUESTS
    assert expect_all(gateway, signed, mutate_every=2) > 1000


def test_botocore_presigns_and_nobody_changes_a_byte(gateway, keys):
    dice = random.Random(SEED)
    # This signer takes a body for parameters of the query, so here there are none.
    plain = [dataclasses.replace(wire, body=b"") for wire in wires(host_of(gateway), repeated_fields=True)]
    signed = [
        sign_by_botocore(wire, dice.choice(keys[:2]), presign_seconds=dice.choice([60, 900, 604_800]))
        for wire in plain
    ]
    assert expect_all(gateway, signed, mutate_every=2) > 1000


def test_a_presigned_url_is_all_that_a_reader_needs(gateway, keys):
    wire = Wire("GET", "/api/v1/sessions", [("limit", "5")], [("Host", host_of(gateway))])
    presigned = sign_by_botocore(wire, keys[1], presign_seconds=60)
    answer = curl(gateway.url + presigned.target())
    assert answer.status == 200 and answer.json()["sessions"] == [], answer


@pytest.mark.parametrize("presign", [False, True], ids=["header", "presigned"])
def test_smithy_signs_and_nobody_changes_a_byte(gateway, keys, node, presign):
    dice = random.Random(SEED)
    jobs = [
        (wire, dice.choice(keys[:2]), presign) for wire in wires(host_of(gateway), repeated_fields=False)
    ]
    assert expect_all(gateway, sign_by_smithy(node, jobs), mutate_every=2) > 1000


@pytest.mark.parametrize("target", ["/api/v1/sessions", "/api/v1/sessions?limit=5&status=active"])
def test_curl_signs_plain_requests(gateway, keys, target):
    for secret, status in [(keys[0].secret_access_key, 200), ("not-the-secret", 401)]:
        answer = curl(
            gateway.url + target,
            "--aws-sigv4",
            "aws:amz:us-east-1:execute-api",
            "--user",
            f"{keys[0].access_key_id}:{secret}",
        )
        assert answer.status == status, answer


def test_curl_signs_bodies(gateway, keys):
    user = f"{keys[0].access_key_id}:{keys[0].secret_access_key}"
    answer = curl(
        gateway.url + "/api/v1/invoke",
        *["--aws-sigv4", "aws:amz:us-east-1:execute-api", "--user", user, "-H", "Content-Type: application/json"],
        data=b'{"prompt":"EY283 from BKK to AUH is 3 hours late"}',
    )
    assert answer.status == 200, answer


def test_each_refusal_names_its_reason_and_never_the_signature(gateway, keys):
    wire = Wire("GET", "/api/v1/sessions", [], [("Host", host_of(gateway))])
    send = Sender(gateway)
    good = sign_by_botocore(wire, keys[0])
    authorization = good.header("Authorization")

    def with_authorization(value):
        fields = [(name, value if name == "Authorization" else held) for name, held in good.headers]
        return dataclasses.replace(good, headers=fields)

    unknown = sign_by_botocore(wire, dataclasses.replace(keys[0], access_key_id="SKMA" + "A" * 16))
    wrong = sign_by_botocore(wire, dataclasses.replace(keys[0], secret_access_key="no"))
    cases = [
        ("MISSING_CREDENTIALS", wire),
        ("SIGNATURE_MISMATCH", unknown),
        ("SIGNATURE_MISMATCH", wrong),
        ("MALFORMED_AUTHORIZATION", with_authorization(authorization.replace("SignedHeaders", "Signed"))),
    ]
    for reason, request in cases:
        answer = send(request)
        assert answer.status == 401 and answer.json()["details"] == {"reason": reason}, (reason, answer)
        assert answer.header("WWW-Authenticate").startswith("AWS4-HMAC-SHA256")
        assert authorization[-64:] not in answer.body.decode()
    assert send(unknown).json()["error_message"] == send(wrong).json()["error_message"], "which keys there are does not show"
    # A temporary key without its token is none.
    bare = dataclasses.replace(keys[1], session_token="")
    assert send(sign_by_botocore(wire, bare)).status == 401


def test_what_infrastructure_adds_behind_the_signer_is_not_its_business(gateway, keys):
    """CloudFront and load balancers add headers that the caller cannot sign; whatever else is x-amz- must be."""
    host = f"{gateway.host}:{gateway.port}"
    wire = Wire("GET", "/api/v1/sessions", headers=[("Host", host)])
    for signed in (sign_by_botocore(wire, keys[0]), sign_by_botocore(wire, keys[0], presign_seconds=60)):
        for name, status in [("X-Amz-Cf-Id", 200), ("X-Amzn-Trace-Id", 200), ("X-Amz-Meta", 401)]:
            added = dataclasses.replace(signed, headers=[*signed.headers, (name, "Root=1-67891233-abcdef")])
            with gateway.raw() as client:
                client.send(added.bytes())
                assert client.read_answer().status == status, name
