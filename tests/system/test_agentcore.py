"""AgentCore Runtime by its ARN: each request is verified by botocore, and answered as the service answers."""

import datetime
import json
import subprocess
import time

import pytest

from peers.certificates import TestAuthority
from peers.fake_agentcore import FakeAgentCore, expected_authorization, refuse, with_one_escape
from peers.gateway_process import run_command
from peers.node import FOLDER
from peers.planted_secrets import plant

REGION = "us-west-2"
ARN = f"arn:aws:bedrock-agentcore:{REGION}:123456789012:runtime/skymarshal_dev-A1b2C3d4E5"
SECRET = plant("planted+secret/access/key")
TOKEN = plant("planted-session-token==")
KEY = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": SECRET}
SHORT_LIVED = {**KEY, "access_key_id": "ASIAIOSFODNN7EXAMPLE", "session_token": TOKEN}
TRACE = {
    "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "tracestate": "vendor=a1,other=b",
    "X-Amzn-Trace-Id": "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1",
}


def variables(key=KEY):
    named = {
        "AGENTCORE_RUNTIME_ARN": ARN,
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": key["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": key["secret_access_key"],
    }
    if "session_token" in key:
        named["AWS_SESSION_TOKEN"] = key["session_token"]
    return named


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return TestAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def agentcore(loop_thread, authority):
    """agentcore(answers=…): the service."""
    services = []

    def start(keys=(KEY, SHORT_LIVED), **options):
        tls = authority.server_context(f"agentcore{len(services)}", "DNS:localhost")
        services.append(FakeAgentCore(loop_thread, tls, keys, **options))
        return services[-1]

    yield start
    for service in services:
        service.stop()
        assert all(seen.problem is None for seen in service.seen if not service.expects_problems), service.seen


@pytest.fixture
def start(start_gateway, authority):
    """start(service, key, **settings): a gateway in front of it, whose log must hold no signature."""
    started = []

    def start(service, key=KEY, **settings):
        settings.setdefault("log_level", "DEBUG")
        settings.setdefault("retry_delays_ms", "1,1")
        gateway = start_gateway(
            variables=variables(key),
            agentcore_endpoint=service.url(),
            runtime_ca_file=authority.certificate,
            **settings,
        )
        started.append((gateway, service))
        return gateway

    yield start
    for gateway, service in started:
        said = gateway.stderr()
        signatures = [
            (seen.header("authorization") or "").rpartition("Signature=")[2] for seen in service.seen
        ]
        assert said and not [signature for signature in signatures if signature and signature in said]


def test_opens_a_signed_websocket(start, agentcore):
    service = agentcore()
    gateway = start(service)
    answer = gateway.invoke()
    assert answer.status == 200, answer
    body = answer.json()
    assert body["metadata"]["runtime"] == "agentcore"
    assert body["business_phase"]["agents"]["cargo"]["status"] == "approved"
    (seen,) = service.seen
    assert seen.target == f"/runtimes/{with_one_escape(ARN)}/ws"
    assert seen.header("x-amzn-bedrock-agentcore-runtime-session-id") == body["session_id"]
    assert seen.header("x-amzn-bedrock-agentcore-runtime-user-id") is None
    assert service.messages[0]["payload"]["session_id"] == body["session_id"]


def signed_by_sdk(node, service, seen, key, endpoint_name=None):
    instant = datetime.datetime.strptime(seen.header("x-amz-date"), "%Y%m%dT%H%M%SZ").isoformat() + "Z"
    credentials = {"accessKeyId": key["access_key_id"], "secretAccessKey": key["secret_access_key"]}
    if "session_token" in key:
        credentials["sessionToken"] = key["session_token"]
    job = {
        "region": REGION,
        "credentials": credentials,
        "runtimeArn": ARN,
        "sessionId": seen.header("x-amzn-bedrock-agentcore-runtime-session-id"),
        "endpoint": service.url(),
        "instant": instant,
    }
    if endpoint_name:
        job["endpointName"] = endpoint_name
    done = subprocess.run(
        [node, str(FOLDER / "sign_upgrade.js")],
        input=json.dumps(job),
        env={"BEDROCK_AGENTCORE_DATA_PLANE_ENDPOINT": service.url()},
        capture_output=True,
        text=True,
        cwd=FOLDER,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("key", [KEY, SHORT_LIVED], ids=["lasting", "short-lived"])
@pytest.mark.parametrize("qualifier", [None, "prod-2_b"])
def test_agrees_byte_for_byte_with_botocore_and_the_sdk_of_aws(start, agentcore, node, key, qualifier):
    service = agentcore()
    settings = {"agentcore_qualifier": qualifier} if qualifier else {}
    assert start(service, key, **settings).invoke().status == 200
    (seen,) = service.seen
    assert seen.header("authorization") == expected_authorization(seen, key, REGION)
    theirs = signed_by_sdk(node, service, seen, key, qualifier)
    assert theirs["url"] == f"wss://localhost:{service.port}{seen.target}"
    fields = {name.lower(): value for name, value in theirs["headers"].items()}
    for name in ("authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "host"):
        assert seen.header(name) == fields.get(name), name


def test_tells_the_principal_where_it_is_to(start, agentcore):
    service = agentcore()
    assert start(service, agentcore_user_id="true").invoke().status == 200
    (seen,) = service.seen
    name = "x-amzn-bedrock-agentcore-runtime-user-id"
    assert seen.header(name) and name in seen.signed_names


def test_passes_traces_on_behind_the_signature(start, agentcore):
    service = agentcore()
    gateway = start(service)
    assert gateway.invoke(headers=TRACE).status == 200
    assert gateway.invoke(headers={"traceparent": "00-nonsense-01", "tracestate": "a=b"}).status == 200
    told, untold = service.seen
    assert {name: told.header(name) for name in TRACE} == TRACE
    assert {name: untold.header(name) for name in TRACE} == dict.fromkeys(TRACE)


def test_signs_again_once_by_the_clock_of_the_service(start, agentcore):
    service = agentcore()
    service.expects_problems = True
    service.clock_offset = datetime.timedelta(minutes=20)
    gateway = start(service, retry_delays_ms="")
    answer = gateway.invoke()
    assert answer.status == 200 and answer.json()["metadata"]["attempts"] == 2, answer
    assert gateway.invoke().json()["metadata"]["attempts"] == 1
    assert [bool(seen.problem) for seen in service.seen] == [True, False, False]


def test_what_newer_credentials_cannot_mend_is_told_at_once(start, agentcore):
    denied = refuse(403, "AccessDeniedException", "User: arn:aws:iam::1:user/a is not authorized")
    service = agentcore(answers=[denied])
    answer = start(service).invoke()
    assert answer.status == 502 and answer.json()["error_code"] == "RUNTIME_REFUSED", answer
    assert answer.json()["details"]["runtime"]["code"] == "AccessDeniedException"
    assert len(service.seen) == 1


def test_what_the_service_made_of_the_signed_request_reaches_nobody(start, agentcore):
    told = f"The request signature we calculated does not match. The Canonical String was 'GET {TOKEN} {SECRET}'"
    service = agentcore(answers=[refuse(403, "InvalidSignatureException", told)])
    answer = start(service).invoke()
    assert answer.status == 502 and TOKEN not in answer.body.decode() and SECRET not in answer.body.decode()
    assert "does not match" in answer.json()["details"]["runtime"]["message"]


@pytest.mark.parametrize("are_renewed", [True, False])
def test_credentials_that_have_run_out_are_had_anew(start_gateway, agentcore, authority, tmp_path, are_renewed):
    def give(key):
        (tmp_path / "key.json").write_text(
            json.dumps({"Version": 1, "AccessKeyId": key["access_key_id"], "SecretAccessKey": SECRET})
        )

    other = {**KEY, "access_key_id": "AKIARENEWEDINTHETEST"}
    config = tmp_path / "config"
    config.write_text(f"[default]\nregion = eu-central-1\ncredential_process = cat {tmp_path}/key.json\n")
    give(KEY)
    service = agentcore(keys=[KEY, other], answers=[refuse(403, "ExpiredTokenException", "it has run out")])
    gateway = start_gateway(
        variables={"AGENTCORE_RUNTIME_ARN": ARN, "AWS_CONFIG_FILE": str(config)},
        agentcore_endpoint=service.url(),
        runtime_ca_file=authority.certificate,
        retry_delays_ms="",
    )
    if are_renewed:
        give(other)
    answer = gateway.invoke()
    signers = [seen.header("authorization").split("Credential=")[1].split("/")[0] for seen in service.seen]
    if are_renewed:
        assert answer.status == 200 and answer.json()["metadata"]["attempts"] == 2, answer
        assert signers == [KEY["access_key_id"], other["access_key_id"]]
    else:
        assert answer.status == 502 and answer.json()["error_code"] == "RUNTIME_REFUSED", answer
        assert signers == [KEY["access_key_id"]]


def test_a_cold_start_is_waited_for(start, agentcore):
    cold = refuse(424, "RuntimeClientError", "Runtime initialization time exceeded. Make sure it completes in 30s.")
    service = agentcore(answers=[cold])
    answer = start(service, retry_delays_ms="1").invoke()
    assert answer.status == 200 and answer.json()["metadata"]["attempts"] == 2, answer


def test_a_cold_start_that_takes_too_long_is_no_failure_of_the_agent(start, agentcore):
    cold = refuse(424, "RuntimeClientError", "Runtime initialization time exceeded.")
    service = agentcore(answers=[cold] * 10)
    answer = start(service, total_timeout_ms=1500).invoke()
    assert answer.status == 503 and answer.json()["error_code"] == "RUNTIME_UNAVAILABLE", answer
    assert "cold start" in answer.json()["error_message"] and answer.header("retry-after")


def test_a_container_that_fails_is_the_agents_failure(start, agentcore):
    failed = refuse(424, "RuntimeClientError", "Received error (500) from runtime. Please check your CloudWatch logs.")
    service = agentcore(answers=[failed])
    answer = start(service).invoke()
    assert answer.status == 502 and answer.json()["error_code"] == "RUNTIME_ERROR", answer
    assert len(service.seen) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_comes_again_where_it_was_not_let_in(start, agentcore, status):
    service = agentcore(answers=[refuse(status, "", "busy")] * 2)
    answer = start(service).invoke()
    assert answer.status == 200 and answer.json()["metadata"]["attempts"] == 3, answer


@pytest.mark.parametrize("status, code", [(429, "ThrottlingException"), (503, ""), (400, "ThrottlingException")])
def test_says_when_the_service_wants_to_be_asked_again(start, agentcore, status, code):
    service = agentcore(answers=[refuse(status, code, "Rate exceeded", Retry_After="7")] * 3)
    answer = start(service).invoke()
    assert answer.status == 503 and answer.json()["error_code"] == "RUNTIME_UNAVAILABLE", answer
    assert answer.header("retry-after") == "7"
    assert len(service.seen) == 3


def test_sends_a_bearer_token_and_reads_it_anew(start, agentcore, tmp_path):
    file = tmp_path / "token"
    file.write_text("planted.bearer.one\n")
    service = agentcore()
    service.bearer_tokens = {plant("planted.bearer.one")}
    gateway = start(service, agentcore_bearer_token_file=file, retry_delays_ms="")
    assert gateway.invoke().status == 200
    file.write_text("planted.bearer.two\n")
    service.bearer_tokens.add(plant("planted.bearer.two"))
    assert gateway.invoke().status == 200
    assert [seen.header("authorization") for seen in service.seen] == [
        "Bearer planted.bearer.one",
        "Bearer planted.bearer.two",
    ]
    assert not any(seen.header("x-amz-date") for seen in service.seen)
    service.bearer_tokens.remove("planted.bearer.two")
    assert gateway.invoke().json()["error_code"] == "RUNTIME_REFUSED"
    service.bearer_tokens.add(plant("planted.bearer.two"))
    file.unlink()
    assert gateway.invoke().json()["error_code"] == "RUNTIME_UNAVAILABLE"


def test_resumes_tls(start, agentcore):
    service = agentcore()
    gateway = start(service, threads=1)
    for _ in range(4):
        assert gateway.invoke().status == 200
    assert [seen.tls_resumed for seen in service.seen] == [False, True, True, True]


@pytest.mark.parametrize("settings", [{}, {"fragment_bytes_max": 1_048_576}], ids=["default", "set higher"])
def test_frames_stay_within_the_quota_of_the_service(start, agentcore, settings):
    """32 KB (docs.aws.amazon.com/bedrock-agentcore/latest/devguide/bedrock-agentcore-limits.html)."""
    service = agentcore()
    assert start(service, **settings).invoke("\U0001f6e9" * 10_000).status == 200
    assert len(service.frame_sizes) > 1 and max(service.frame_sizes) <= 32 * 1024


def test_takes_messages_larger_than_the_frames_of_the_service(start, agentcore):
    async def script(send, _request):
        await send({"type": "complete", "data": {"assessment": {"text": "x" * 3_000_000}}})

    service = agentcore(script=script)
    assert len(start(service).invoke().json()["assessment"]["text"]) == 3_000_000


# -- the HTTP contract -----------------------------------------------------------------------------


def events(*values, end=True):
    pieces = [f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode() for value in values]
    return 200, {"Content-Type": "text/event-stream"}, pieces if end else [*pieces, None]


CHUNK = {"agent": "cargo", "status": "rejected", "partial_result": {"reasoning": "too heavy"}}


def test_invokes_by_http(start, agentcore):
    service = agentcore()
    gateway = start(service, agentcore_protocol="http", agentcore_qualifier="prod")
    answer = gateway.invoke("Flight EY283 is late by three hours")
    assert answer.status == 200 and answer.json()["assessment"] == {"summary": "three hours late"}, answer
    (seen,) = service.seen
    assert (seen.method, seen.target) == ("POST", f"/runtimes/{with_one_escape(ARN)}/invocations?qualifier=prod")
    assert json.loads(seen.body) == {
        "prompt": "Flight EY283 is late by three hours",
        "session_id": answer.json()["session_id"],
    }
    assert answer.json()["metadata"]["connect_ms"] is not None


def test_streams_the_events_of_an_http_runtime(start, agentcore):
    complete = {"type": "complete", "data": {"final_decision": "rejected"}}
    service = agentcore(answers=[events({"type": "chunk", "data": CHUNK}, complete, {"type": "chunk", "data": {}})])
    gateway = start(service, agentcore_protocol="http")
    answer = gateway.invoke(streaming=True)
    lines = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    assert [line["type"] for line in lines] == ["metadata", "chunk", "complete"]
    assert lines[1]["data"] == CHUNK and lines[2]["data"]["final_decision"] == "rejected"


@pytest.mark.parametrize(
    "answer, expected",
    [
        (events(CHUNK, {"assessment": {"a": 1}}), {"a": 1}),
        (events('"Hel"', '"lo"', "plain words"), {"events": ["Hel", "lo", "plain words"]}),
        ((200, {"Content-Type": "application/json"}, b'{"response":"fine"}'), {"response": "fine"}),
        ((200, {"Content-Type": "application/json"}, b'"fine"'), {"result": "fine"}),
        ((200, {"Content-Type": "text/plain"}, b"fine, thanks"), {"result": "fine, thanks"}),
    ],
)
def test_takes_any_answer_that_the_contract_allows(start, agentcore, answer, expected):
    service = agentcore(answers=[answer])
    got = start(service, agentcore_protocol="http").invoke()
    assert got.status == 200 and got.json()["assessment"] == expected, got


@pytest.mark.parametrize(
    "answer, code",
    [
        (events({"type": "chunk", "data": CHUNK}), "RUNTIME_PROTOCOL_ERROR"),
        (events({"a": 1}, end=False), "RUNTIME_PROTOCOL_ERROR"),
        (events({"error": "out of memory"}), "RUNTIME_ERROR"),
        (events({"type": "error", "error": {"code": "TIMEOUT", "message": "slow"}}), "TIMEOUT"),
        ((200, {"Content-Type": "application/json"}, b'{"a":'), "RUNTIME_PROTOCOL_ERROR"),
        ((200, {"Content-Type": "application/json"}, b""), "RUNTIME_PROTOCOL_ERROR"),
        ((200, {"Content-Type": "application/json"}, b'{"error":"no such flight"}'), "RUNTIME_ERROR"),
        (refuse(500, "InternalServerException", "oops"), "CONNECTION_FAILED"),
        (refuse(424, "RuntimeClientError", "Received error (500) from runtime."), "RUNTIME_ERROR"),
    ],
)
def test_failures_of_http_runtimes(start, agentcore, answer, code):
    service = agentcore(answers=[answer])
    got = start(service, agentcore_protocol="http").invoke()
    assert got.json().get("error_code") == code, got
    assert len(service.seen) == 1, "nothing runs twice"


def test_throttled_invocations_are_sent_again(start, agentcore):
    service = agentcore(answers=[refuse(429, "ThrottlingException", "slow down")])
    answer = start(service, agentcore_protocol="http").invoke()
    assert answer.status == 200 and answer.json()["metadata"]["attempts"] == 2, answer


def test_a_cancelled_invocation_hangs_up(start, agentcore):
    def silence():
        yield b": still there\n\n"
        for _ in range(2000):
            yield b": still there\n\n"

    service = agentcore(answers=[(200, {"Content-Type": "text/event-stream"}, silence())])
    gateway = start(service, agentcore_protocol="http")
    begun = gateway.request(
        "POST", "/api/v1/invoke", {"prompt": "Flight EY283 is late"}, {"Prefer": "respond-async"}
    ).json()
    until = time.monotonic() + 20
    while not service.seen and time.monotonic() < until:
        time.sleep(0.01)
    ended = gateway.request("DELETE", f"/api/v1/invocations/{begun['request_id']}").json()
    assert ended["status"] == "cancelled"
    while service.open_sockets and time.monotonic() < until:
        time.sleep(0.01)
    assert service.open_sockets == 0


# -- sessions --------------------------------------------------------------------------------------


def test_an_erased_session_is_stopped(start, agentcore):
    service = agentcore()
    gateway = start(service, agentcore_qualifier="prod")
    session = gateway.invoke().json()["session_id"]
    assert gateway.request("DELETE", f"/api/v1/sessions/{session}").status == 204
    (stopped,) = service.of("stopruntimesession")
    assert stopped.target == f"/runtimes/{with_one_escape(ARN)}/stopruntimesession?qualifier=prod"
    assert stopped.method == "POST" and stopped.header("x-amzn-bedrock-agentcore-runtime-session-id") == session


@pytest.mark.parametrize(
    "answers, warnings",
    [
        ([refuse(404, "ResourceNotFoundException")], 0),
        ([refuse(500), refuse(429, "ThrottlingException")], 0),
        ([refuse(500)] * 3, 1),
        ([refuse(402, "ServiceQuotaExceededException")], 1),
    ],
)
def test_a_session_that_cannot_be_stopped_is_erased_all_the_same(start, agentcore, answers, warnings):
    service = agentcore(answers=[None, *answers])
    gateway = start(service)
    session = gateway.invoke().json()["session_id"]
    assert gateway.request("DELETE", f"/api/v1/sessions/{session}").status == 204
    assert gateway.get(f"/api/v1/sessions/{session}").status == 404
    gateway.stop()  # Writes what is left of its log.
    assert len(gateway.log_lines("session_not_forgotten_by_runtime")) == warnings


# -- settings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed, told",
    [
        ({"AGENTCORE_RUNTIME_ARN": "arn:aws:bedrock:us-west-2:123456789012:runtime/a"}, "not bedrock-agentcore"),
        ({"AGENTCORE_RUNTIME_ARN": "arn:aws-mars:bedrock-agentcore:us-west-2:123456789012:runtime/a"}, "partition"),
        ({"AGENTCORE_RUNTIME_ARN": "arn:aws:bedrock-agentcore:us-west-2:12345:runtime/a"}, "12 digits"),
        ({"AGENTCORE_RUNTIME_ARN": ARN + "/runtime-endpoint/x"}, "qualifier"),
        ({"SKYMARSHAL_RUNTIME_URL": "ws://127.0.0.1:1/ws"}, "set only one of them"),
        ({"SKYMARSHAL_AGENTCORE_ENDPOINT": "http://agentcore.example"}, "https://"),
    ],
)
def test_does_not_start_with_half_a_runtime(tmp_path, changed, told):
    done = run_command(
        "serve",
        "--auth",
        "none",
        "--listen",
        "127.0.0.1:0",
        settings={"database": tmp_path / "sessions.db"},
        variables={**variables(), **changed},
        seconds=30,
    )
    assert done.returncode != 0 and told in done.stderr, done.stderr
