"""POST /invoke with curl, against a runtime on Python's websockets: the buffered answer."""

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers.clients import UUID4, curl, curl_json
from peers.fake_runtime import ANSWER, BUSINESS_AGENTS, SAFETY_AGENTS, answer_with

PROMPT = "Flight EY283 from BKK to AUH: hydraulic fault, 3 hours delay"


def invoke(gateway, *arguments, **fields):
    return curl_json(f"{gateway.url}/api/v1/invoke", {"prompt": PROMPT, **fields}, *arguments)


def verdict(agent, status="approved"):
    return {
        "agent": agent,
        "status": status,
        "partial_result": {
            "agent_name": agent,
            "status": status,
            "confidence": 0.75,
            "reasoning": f"{agent} says so",
        },
    }


def test_answers_with_everything_that_is_promised(start_gateway, start_runtime):
    runtime = start_runtime()
    answer = invoke(start_gateway(runtime))
    assert answer.status == 200
    assert answer.header("content-type").startswith("application/json")
    body = answer.json()
    assert body["status"] == "success"
    assert UUID4.fullmatch(body["request_id"]) and UUID4.fullmatch(body["session_id"])
    assert isinstance(body["execution_time_ms"], int) and body["execution_time_ms"] >= 0
    assert len(body["timestamp"]) == 24 and body["timestamp"].endswith("Z")
    assert body["assessment"] == ANSWER["assessment"]
    assert body["recommendations"] == ANSWER["recommendations"]
    assert body["final_decision"] in ("approved", "rejected", "conditional")
    for phase in ("safety_phase", "business_phase"):
        assert set(body[phase]) >= {"agents", "phase_status", "constraints"}
    assert set(body["metadata"]) >= {
        "api_version",
        "runtime",
        "queue_ms",
        "connect_ms",
        "first_message_ms",
        "attempts",
        "final_decision_source",
    }
    assert body["metadata"]["api_version"] == "v1" and body["metadata"]["attempts"] == 1


def test_sends_the_runtime_one_invoke_message(start_gateway, start_runtime):
    runtime = start_runtime()
    body = invoke(start_gateway(runtime)).json()
    assert runtime.requests == [
        {"action": "invoke", "payload": {"prompt": PROMPT, "session_id": body["session_id"]}}
    ]
    assert runtime.paths == ["/ws"]


def test_names_the_request_in_header_and_body(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    answers = [invoke(gateway) for _ in range(3)]
    for answer in answers:
        assert answer.header("x-request-id") == answer.json()["request_id"]
        assert answer.header("x-api-version") == "v1"
    assert len({answer.header("x-request-id") for answer in answers}) == 3


def test_tells_where_the_time_went(start_gateway, start_runtime):
    timing = invoke(start_gateway(start_runtime())).header("server-timing")
    names = [entry.split(";")[0].strip() for entry in timing.split(",")]
    assert names == ["auth", "queue", "connect", "first_message", "total"], timing
    assert all(float(entry.split("dur=")[1]) >= 0 for entry in timing.split(","))


def test_keeps_the_session_that_it_is_given_in_lower_case(start_gateway, start_runtime):
    session = "7F0C1F6E-3A52-4D1C-9B1E-0123456789AB"
    runtime = start_runtime()
    body = invoke(start_gateway(runtime), session_id=session).json()
    assert body["session_id"] == session.lower()
    assert runtime.requests[0]["payload"]["session_id"] == session.lower()


def test_cleans_the_prompt_before_the_runtime_sees_it(start_gateway, start_runtime):
    runtime = start_runtime()
    gateway = start_gateway(runtime)
    answer = gateway.invoke("\u3000 <b>Flight {EY283}</b>\x07 is\tlate\r\n \u00a0")
    assert answer.status == 200
    assert runtime.requests[0]["payload"]["prompt"] == "bFlight EY283/b is\tlate"


def test_derives_the_phases_from_the_chunks(start_gateway, start_runtime):
    chunks = [verdict(agent) for agent in SAFETY_AGENTS + BUSINESS_AGENTS]
    body = invoke(start_gateway(start_runtime(answer_with({}, chunks)))).json()
    assert list(body["safety_phase"]["agents"]) == list(SAFETY_AGENTS)
    assert list(body["business_phase"]["agents"]) == list(BUSINESS_AGENTS)
    for agent, said in {**body["safety_phase"]["agents"], **body["business_phase"]["agents"]}.items():
        assert said["agent_name"] == agent and said["status"] == "approved"
        assert said["confidence"] == 0.75 and said["reasoning"] == f"{agent} says so"
    assert body["final_decision"] == "approved"
    assert body["metadata"]["final_decision_source"] == "derived"


@pytest.mark.parametrize(
    ("statuses", "decision"),
    [
        ({"maintenance": "rejected"}, "rejected"),
        ({"cargo": "rejected"}, "conditional"),
        ({"finance": "conditional"}, "conditional"),
        ({"regulatory": None}, "conditional"),
    ],
)
def test_derives_the_decision_conservatively(start_gateway, start_runtime, statuses, decision):
    chunks = [
        verdict(agent, statuses.get(agent, "approved"))
        for agent in SAFETY_AGENTS + BUSINESS_AGENTS
        if statuses.get(agent, "approved") is not None
    ]
    body = invoke(start_gateway(start_runtime(answer_with({"assessment": {}}, chunks)))).json()
    assert body["final_decision"] == decision


@pytest.mark.parametrize(
    "data",
    [
        {"final_decision": "rejected"},
        {"assessment": {"final_decision": "rejected", "other": 1}},
        {"final_decision": {"final_decision": "rejected", "why": "crew"}},
    ],
)
def test_prefers_what_the_runtime_decided(start_gateway, start_runtime, data):
    chunks = [verdict(agent) for agent in SAFETY_AGENTS + BUSINESS_AGENTS]
    body = invoke(start_gateway(start_runtime(answer_with(data, chunks)))).json()
    assert body["final_decision"] == "rejected"
    assert body["metadata"]["final_decision_source"] == "runtime"


@pytest.mark.parametrize(
    ("code", "status", "error_code"),
    [
        ("TIMEOUT", 504, "TIMEOUT"),
        ("THROTTLED", 503, "RUNTIME_UNAVAILABLE"),
        ("OVERLOADED", 503, "RUNTIME_UNAVAILABLE"),
        ("MODEL_CRASHED", 502, "RUNTIME_ERROR"),
    ],
)
def test_reports_what_the_runtime_reports(start_gateway, start_runtime, code, status, error_code):
    async def script(peer):
        await peer.chunk()
        await peer.error(code, "no more tokens", {"model": "m"})

    runtime = start_runtime(script)
    answer = invoke(start_gateway(runtime))
    assert (answer.status, answer.error_code) == (status, error_code)
    body = answer.json()
    assert body["status"] == "error" and body["request_id"] == answer.header("x-request-id")
    assert body["details"]["code"] == code and body["details"]["message"] == "no more tokens"
    assert body["timestamp"].endswith("Z") and body["error_message"]
    assert (answer.header("retry-after") is not None) == (status == 503)
    assert len(runtime.requests) == 1, "an invocation that began must never be started again"


def test_a_failure_is_one_line_of_the_log(start_gateway, start_runtime):
    async def script(peer):
        await peer.chunk()
        await peer.error("MODEL_CRASHED", "no more tokens")

    gateway = start_gateway(start_runtime(script))
    answer = invoke(gateway)
    session = gateway.get("/api/v1/sessions").json()["sessions"][0]["session_id"]
    gateway.stop()
    lines = [json.loads(line) for line in gateway.stderr().splitlines() if line.startswith("{")]
    assert [line["event"] for line in lines if line["level"] == "ERROR"] == ["invocation_failed"]
    (failure,) = (line for line in lines if line["level"] == "ERROR")
    assert failure["request_id"] == answer.header("x-request-id")
    assert failure["session_id"] == session and failure["principal"]
    assert failure["error_code"] == "RUNTIME_ERROR" and "no more tokens" in failure["error_message"]
    context = failure["context"]
    assert set(context) == {"prompt_length", "execution_time_ms", "retry_count", "stage"}
    assert context["prompt_length"] == len(PROMPT) and context["retry_count"] == 0
    assert PROMPT not in gateway.stderr()


def test_ends_when_the_whole_time_is_over(start_gateway, start_runtime):
    async def script(peer):
        while True:
            await peer.chunk()
            await asyncio.sleep(0.05)

    gateway = start_gateway(start_runtime(script), total_timeout_ms=400)
    started = time.monotonic()
    answer = invoke(gateway)
    assert (answer.status, answer.error_code) == (504, "TIMEOUT")
    assert 0.3 < time.monotonic() - started < 25


def test_answers_many_at_once_each_its_own(start_gateway, start_runtime):
    async def script(peer):
        await peer.complete({"assessment": {"echo": peer.request["payload"]["prompt"]}})

    gateway = start_gateway(start_runtime(script))
    prompts = [f"This is disruption number {number}" for number in range(60)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(gateway.invoke, prompts))
    assert [answer.status for answer in answers] == [200] * 60
    assert [answer.json()["assessment"]["echo"] for answer in answers] == prompts
    assert len({answer.json()["request_id"] for answer in answers}) == 60


def test_health_needs_no_runtime_and_counts_slots(start_gateway, start_runtime):
    runtime = start_runtime()
    gateway = start_gateway(runtime, max_concurrent_invocations=7, max_queued_invocations=3)
    answer = curl(f"{gateway.url}/api/v1/health")
    body = answer.json()
    assert body["version"] and set(body["dependencies"]) == {"runtime", "store"}
    assert body["invocations"] == {"running": 0, "queued": 0, "max_running": 7, "max_queued": 3}
    assert runtime.requests == [], "a health check must never invoke the runtime"
