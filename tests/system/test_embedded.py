"""The embedded runtime behind the gateway: seven agents answer a real disruption, turn after turn."""

import pytest
from peers.clients import sse_events
from peers.fake_runtime import BUSINESS_AGENTS, SAFETY_AGENTS
from peers.waiting import wait_until

PROMPT = (
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, "
    "3 hours delay, 286 passengers, 51 connecting"
)


@pytest.fixture
def gateway(start_gateway):
    return start_gateway(arguments=["--dev"])


def expect_seven_agents(body):
    assert set(body["safety_phase"]["agents"]) == set(SAFETY_AGENTS)
    for agent in body["safety_phase"]["agents"].values():
        assert agent["status"] in ("approved", "rejected", "conditional")
        assert 0 <= agent["confidence"] <= 1 and agent["reasoning"]
    assert body["final_decision"] in ("approved", "rejected", "conditional")
    if body["final_decision"] == "approved":
        assert set(body["business_phase"]["agents"]) == set(BUSINESS_AGENTS)


def test_assesses_a_disruption(gateway):
    body = gateway.invoke(PROMPT).json()
    assert body["status"] == "success", body
    expect_seven_agents(body)
    assert set(body["business_phase"]["agents"]) == set(BUSINESS_AGENTS)
    assert body["recommendations"]


def test_shows_the_agents_at_work(gateway):
    events = sse_events(gateway.invoke(PROMPT, streaming=True).body)
    chunks = [event["data"] for event in events if event["type"] == "chunk"]
    for agent in SAFETY_AGENTS + BUSINESS_AGENTS:
        said = [chunk["status"] for chunk in chunks if chunk.get("agent") == agent]
        assert len(said) >= 2 and said[0] == "analyzing", (agent, said)
    order = [chunk["agent"] for chunk in chunks if chunk["status"] != "analyzing" and chunk.get("agent")]
    last_safety = max(order.index(agent) for agent in SAFETY_AGENTS)
    assert all(order.index(agent) > last_safety for agent in BUSINESS_AGENTS), "safety comes first"
    assert events[-1]["type"] == "complete"


def test_answers_the_same_twice(gateway):
    first, second = (gateway.invoke(PROMPT).json() for _ in range(2))
    for name in ("assessment", "safety_phase", "business_phase", "final_decision", "recommendations"):
        assert first[name] == second[name], name


def test_remembers_the_session(gateway):
    session = gateway.request("POST", "/api/v1/sessions").json()["session_id"]
    assert gateway.invoke(PROMPT, session_id=session).status == 200
    answer = gateway.invoke("What if the delay were 5 hours instead?", session_id=session)
    assert answer.status == 200
    expect_seven_agents(answer.json())
    assert len(gateway.history(session)) == 2


def test_forgets_an_erased_session(gateway):
    session = gateway.request("POST", "/api/v1/sessions").json()["session_id"]
    assert gateway.invoke(PROMPT, session_id=session).json()["assessment"]["facts"]
    assert gateway.request("DELETE", f"/api/v1/sessions/{session}").status == 204
    known = gateway.invoke("What if the delay were 5 hours instead?", session_id=session).json()["assessment"]["facts"]
    assert "flight" not in {fact["name"] for fact in known}, known
    assert not gateway.log_lines("session_not_forgotten_by_runtime")


def test_is_healthy(gateway):
    wait_until(
        lambda: gateway.get("/api/v1/health").json()["dependencies"]["runtime"]["status"] == "up",
        "the runtime is up",
    )
    answer = gateway.get("/api/v1/health")
    assert answer.status == 200 and answer.json()["status"] == "healthy"
