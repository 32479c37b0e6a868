"""Runtimes that speak HTTP, written by others to AgentCore's container contract: AWS's SDK, and one on Starlette."""

import json
import pathlib
import sys

import pytest

from peers.node import FOLDER
from peers.runtime_process import RuntimeProcess

STARLETTE = pathlib.Path(__file__).parent / "peers" / "starlette_runtime.py"


@pytest.fixture(scope="module", params=["sdk", "starlette"])
def foreign(request, node):
    """(name, runtime)"""
    command = {"sdk": [node, str(FOLDER / "agentcore_runtime.js")], "starlette": [sys.executable, str(STARLETTE)]}
    runtime = RuntimeProcess(*command[request.param])
    yield request.param, runtime
    runtime.stop()


@pytest.fixture
def gateway(start_gateway, foreign):
    return start_gateway(runtime_url=f"http://127.0.0.1:{foreign[1].port}/invocations")


def test_one_document(gateway):
    body = gateway.invoke("Flight EY283 is three hours late").json()
    assert body["assessment"] == {
        "payload": {"prompt": "Flight EY283 is three hours late", "session_id": body["session_id"]},
        "session_of_header": body["session_id"],
    }
    assert body["metadata"]["runtime"] == "http"
    assert body["metadata"]["final_decision_source"] == "runtime"


def test_a_stream_of_events(gateway, foreign):
    answer = gateway.invoke("Flight EY283 is late: stream it", streaming=True)
    events = [json.loads(line[6:]) for line in answer.body.decode().splitlines() if line.startswith("data: ")]
    assert [event["type"] for event in events] == ["metadata", "chunk", "chunk", "chunk", "complete"]
    assert events[2]["data"]["status"] == "approved"
    complete = events[-1]["data"]
    assert complete["assessment"]["session_of_header"] == events[0]["session_id"]
    assert complete["final_decision"] == {"sdk": "approved", "starlette": "conditional"}[foreign[0]]


def test_a_stream_read_as_a_whole(gateway):
    body = gateway.invoke("Flight EY283 is late: stream it").json()
    phases = [body["safety_phase"]["agents"], body["business_phase"]["agents"]]
    assert {agent["status"] for phase in phases for agent in phase.values()} == {"approved"}


def test_an_agent_that_fails(gateway, foreign):
    answer = gateway.invoke("Flight EY283 is late: fail now")
    assert answer.status == 502 and answer.json()["error_code"] == "RUNTIME_ERROR", answer
    assert answer.json()["details"]["runtime"]["http_status"] == 500
    # The SDK answers whoever takes events with no words at all.
    reason = {"sdk": "no reason given", "starlette": "the agent has a bug"}[foreign[0]]
    assert reason in answer.json()["error_message"]
    assert gateway.wait_for_log("invocation_failed")


def test_an_agent_that_breaks_its_stream(gateway, foreign):
    if foreign[0] != "sdk":
        pytest.skip("only the SDK tells of it in the stream")
    answer = gateway.invoke("Flight EY283 is late: stream it and break")
    assert answer.status == 502 and "the agent has a bug" in answer.json()["error_message"], answer
    assert answer.json()["details"]["received"]


def test_the_same_runtime_by_websocket(start_gateway, foreign):
    body = start_gateway(runtime_url=f"ws://127.0.0.1:{foreign[1].port}/ws").invoke("Flight EY283 is late").json()
    assert body["metadata"]["runtime"] == "websocket"
    assert body["assessment"]["session_of_header"] == body["session_id"]


@pytest.fixture
def own_runtime():
    runtime = RuntimeProcess.embedded()
    yield runtime
    runtime.stop(by_signal=True)


def test_our_own_runtime_by_http(start_gateway, own_runtime):
    gateway = start_gateway(runtime_url=f"http://127.0.0.1:{own_runtime.port}/invocations")
    prompt = "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay"
    streamed = gateway.invoke(prompt, streaming=True)
    events = [json.loads(line[6:]) for line in streamed.body.decode().splitlines() if line.startswith("data: ")]
    assert events[-1]["type"] == "complete" and len(events) > 8
    assert events[-1]["data"]["final_decision"] == gateway.invoke(prompt).json()["final_decision"]
