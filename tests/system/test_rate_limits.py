"""How much a caller may send: exact windows, headers that are right, limits that change without a restart."""

import time

from peers.waiting import wait_until


def limits(answer):
    return [answer.header(f"RateLimit-{name}") for name in ("Limit", "Remaining", "Reset")]


def test_counts_down_then_refuses_and_says_when_to_come_back(start_gateway):
    gateway = start_gateway(rate_limit=3, rate_limit_window_ms=5000)
    for left in ("2", "1", "0"):
        answer = gateway.get("/api/v1/sessions")
        assert answer.status == 200 and limits(answer)[:2] == ["3", left], answer
    refused = gateway.get("/api/v1/sessions")
    assert refused.status == 429 and refused.error_code == "RATE_LIMITED", refused
    assert limits(refused)[:2] == ["3", "0"]
    assert refused.json()["details"]["scope"] == "principal"
    wait = int(refused.header("Retry-After"))
    assert 1 <= wait <= 5
    # Waiting is what this is about.
    time.sleep(wait)
    assert gateway.get("/api/v1/sessions").status == 200


def test_every_answer_to_a_known_caller_carries_the_limit(start_gateway):
    gateway = start_gateway(rate_limit=50)
    missing = gateway.get("/api/v1/sessions/00000000-0000-4000-8000-000000000000")
    assert missing.status == 404 and limits(missing)[0] == "50"
    streamed = gateway.invoke(headers={"Accept": "text/event-stream"})
    assert streamed.status == 200 and limits(streamed)[0] == "50"
    invalid = gateway.request("POST", "/api/v1/invoke", {"promt": "x"})
    assert invalid.status == 400 and limits(invalid)[1] == "47"
    # Nobody is known there.
    assert limits(gateway.get("/api/v1/health")) == [None, None, None]


def test_all_callers_together_have_a_limit_too(start_gateway):
    gateway = start_gateway(account_rate_limit=2)
    answers = [gateway.get("/api/v1/sessions") for _ in range(12)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused and refused[0].json()["details"]["scope"] == "account", answers
    assert refused[0].header("Retry-After") == "1"


def test_without_a_limit_nothing_is_said_of_one(start_gateway):
    assert limits(start_gateway().get("/api/v1/sessions")) == [None, None, None]


def test_limits_change_without_a_restart(start_gateway, tmp_path):
    config = tmp_path / "gateway.toml"
    config.write_text("rate_limit = 5\n")
    gateway = start_gateway(arguments=["--config", str(config)])
    assert limits(gateway.get("/api/v1/sessions"))[0] == "5"
    config.write_text("rate_limit = 500\nthreads = 1\n")
    wait_until(lambda: "settings_reloaded" in gateway.stderr(), "the limits are read again")
    assert limits(gateway.get("/api/v1/sessions"))[0] == "500"
    wait_until(lambda: '"settings":"threads"' in gateway.stderr(), "it says what needs a restart")
    config.write_text("rate_limit = many\n")
    wait_until(lambda: "settings_not_reloaded" in gateway.stderr(), "it says what is wrong")
    assert limits(gateway.get("/api/v1/sessions"))[0] == "500"
