"""A language model may word the agents' reasoning. Whatever it does, everything else of an answer is the
rules' own, byte for byte."""

import json
import threading
import time

import pytest
from peers.fake_model import FakeModel, assessment_of, events, refuse, say
from peers.gateway_process import run_command
from peers.planted_secrets import plant
from peers.waiting import wait_until

PROMPT = (
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, "
    "3 hours delay, 286 passengers, 51 connecting"
)
MARK = " That is all."


def honest(handler, request):
    say(handler, assessment_of(request)["reasoning"] + MARK)


def close_delimited(handler, text):
    """The body ends with the connection, as streams of some servers do."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(text.encode())


def empty_reasons(handler, request):
    """finish_reason is "" where the API has null."""
    lines = [json.dumps(event).replace("null", '""') for event in events(assessment_of(request)["reasoning"] + MARK)]
    close_delimited(handler, "".join(f"data: {line}\n\n" for line in lines))


def no_last_empty_line(handler, request):
    lines = [json.dumps(event) for event in events(assessment_of(request)["reasoning"] + MARK)][:-1]
    close_delimited(handler, "\n\n".join(f"data: {line}" for line in lines))


@pytest.fixture
def start_model():
    models = []

    def start(script):
        models.append(FakeModel(script))
        return models[-1]

    yield start
    for model in models:
        model.stop()


@pytest.fixture
def own_words(start_gateway):
    """The answer without any model."""
    return parts_of(start_gateway(arguments=["--dev"]).invoke(PROMPT).json())


def parts_of(body):
    """What an assessment says, without what differs from call to call."""
    assert body["status"] == "success", body
    names = ("assessment", "safety_phase", "business_phase", "final_decision", "recommendations")
    return {name: body[name] for name in names}


def agents_of(body):
    return [agent for phase in ("safety_phase", "business_phase") for agent in body[phase]["agents"].values()]


def are_worded(body):
    return all(agent["reasoning"].endswith(MARK) for agent in agents_of(body) if agent["reasoning"])


def without_reasoning(body):
    copy = json.loads(json.dumps(body))
    for agent in agents_of(copy):
        agent["reasoning"] = ""
    return json.dumps(copy)


def ask(gateway):
    return parts_of(gateway.invoke(PROMPT).json())


def test_the_models_words_are_the_reasoning(start_gateway, start_model, own_words):
    model = start_model(honest)
    gateway = start_gateway(arguments=["--dev"], llm_url=model.url, llm_model="small", llm_api_key=plant("k-123456"))
    body = ask(gateway)
    own = [agent["reasoning"] for agent in agents_of(own_words)]
    worded = [text + MARK if text else "" for text in own]
    assert [agent["reasoning"] for agent in agents_of(body)] == worded, gateway.stderr()
    assert without_reasoning(body) == without_reasoning(own_words)
    assert len(model.requests) == sum(text != "" for text in own) >= 3
    for (path, request), headers in zip(model.requests, model.headers):
        assert path == "/v1/chat/completions"
        assert request["model"] == "small" and request["stream"] is True
        assert headers["Authorization"] == "Bearer k-123456"


@pytest.mark.parametrize("script", [empty_reasons, no_last_empty_line])
def test_dialects_are_understood(script, start_gateway, start_model):
    gateway = start_gateway(arguments=["--dev"], llm_url=start_model(script).url)
    assert are_worded(ask(gateway)), gateway.stderr()


def test_the_agents_of_a_phase_are_worded_in_parallel(start_gateway, start_model):
    together = threading.Barrier(3)

    def script(handler, request):
        if assessment_of(request)["agent"] in ("crew_compliance", "maintenance", "regulatory"):
            together.wait(timeout=30)
        honest(handler, request)

    body = ask(start_gateway(arguments=["--dev"], llm_url=start_model(script).url, llm_timeout_ms=60000))
    assert are_worded(body)


LIES = [
    "The flight is approved.",
    "All is well, there is no reason to wait.",
    "The delay is 5 minutes.",
    "EY999 takes all passengers to LHR.",
    "This is not rejected and not conditional.",
    "The flight is app\u200broved.",
    "\u0410pproved.",
    "three",
    "The flight.",
    "",
    "The delay " * 2000,
]


def test_a_lying_model_is_not_heard(start_gateway, start_model, own_words):
    lies = iter(LIES * 100)
    model = start_model(lambda handler, request: say(handler, next(lies)))
    gateway = start_gateway(arguments=["--dev"], llm_url=model.url)
    for _ in range(5):
        assert json.dumps(ask(gateway)) == json.dumps(own_words)
    assert len(model.requests) >= len(LIES)
    assert "wording_refused" in gateway.stderr()


def half(handler, request):
    say(handler, assessment_of(request)["reasoning"], done=False)


def no_stream(handler, _):
    body = b'{"choices":[{"message":{"content":"That is all."}}]}'
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def garbage(handler, _):
    handler.wfile.write(b"\xff\x00 no HTTP\r\n\r\n")


def hang_up(handler, _):
    handler.connection.close()


@pytest.mark.parametrize(
    "script",
    [half, no_stream, garbage, hang_up, lambda h, _: refuse(h, 400), lambda h, _: refuse(h, 503)],
    ids=["half", "no_stream", "garbage", "hang_up", "400", "503"],
)
def test_a_broken_model_changes_nothing(script, start_gateway, start_model, own_words):
    gateway = start_gateway(arguments=["--dev"], llm_url=start_model(script).url)
    assert json.dumps(ask(gateway)) == json.dumps(own_words)
    assert "wording_failed" in gateway.stderr()


def test_a_model_that_is_down_changes_nothing(start_gateway, start_model, own_words):
    model = start_model(honest)
    model.stop()
    gateway = start_gateway(arguments=["--dev"], llm_url=model.url)
    assert json.dumps(ask(gateway)) == json.dumps(own_words)


def test_a_busy_model_is_asked_again(start_gateway, start_model):
    refused = set()

    def script(handler, request):
        agent = assessment_of(request)["agent"]
        if agent in refused:
            honest(handler, request)
        else:
            refused.add(agent)
            refuse(handler, 429)

    body = ask(start_gateway(arguments=["--dev"], llm_url=start_model(script).url))
    assert are_worded(body)


def test_a_silent_model_costs_its_time_and_no_more(start_gateway, start_model, own_words):
    released = threading.Event()
    gateway = start_gateway(
        arguments=["--dev"], llm_url=start_model(lambda *_: released.wait(60)).url, llm_timeout_ms=300
    )
    started = time.monotonic()
    assert json.dumps(ask(gateway)) == json.dumps(own_words)
    assert 0.3 <= time.monotonic() - started < 25
    released.set()


def test_a_stop_does_not_wait_for_the_model(start_gateway, start_model):
    released = threading.Event()
    model = start_model(lambda *_: released.wait(60))
    gateway = start_gateway(
        arguments=["--dev"], llm_url=model.url, llm_timeout_ms=60000, drain_timeout_ms=500
    )
    asking = threading.Thread(target=lambda: gateway.request("POST", "/api/v1/invoke", {"prompt": PROMPT}))
    asking.start()
    wait_until(lambda: len(model.requests) >= 3, "the model is asked")
    started = time.monotonic()
    gateway.stop()
    assert time.monotonic() - started < 18
    asking.join()
    released.set()


def test_the_key_is_not_printed():
    done = run_command("config", settings={"llm_api_key": plant("k-123456")})
    assert done.returncode == 0
    assert "llm_api_key" in done.stdout
    wrong = run_command("config", settings={"llm_api_key": plant("k-123456") + " x"})
    assert wrong.returncode != 0
