"""`skymarshal runtime`: AgentCore's container contract, as the platform and other clients speak it."""

import asyncio
import json
import re
import signal
import subprocess

import pytest
import websockets
from peers.clients import RawConnection, curl, curl_json, request
from peers.gateway_process import BINARY, HARMLESS_SIGNALS, STOP_SECONDS, clean_environment, die_with_parent
from peers.waiting import wait_until

PROMPT = "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay"
PING = b"GET /ping HTTP/1.1\r\nHost: runtime\r\n\r\n"


class RuntimeProcess:
    def __init__(self, **settings):
        self.process = subprocess.Popen(
            [BINARY, "runtime", "--listen", "127.0.0.1:0"],
            env=clean_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            preexec_fn=die_with_parent,
        )
        line = self.process.stdout.readline()
        found = re.search(r"listening on (ws://([^/]+):(\d+)/ws)", line)
        if not found:
            self.process.kill()
            raise AssertionError(f"no address: {line!r}")
        self.ws_url, self.host, self.port = found.group(1), found.group(2), int(found.group(3))
        self.url = f"http://{self.host}:{self.port}"

    def get(self, target):
        return request(self.host, self.port, "GET", target)

    def raw(self):
        return RawConnection(self.host, self.port)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


@pytest.fixture
def start_runtime_process():
    started = []

    def start(**settings):
        started.append(RuntimeProcess(**settings))
        return started[-1]

    yield start
    for runtime in started:
        if runtime.process.poll() is None:
            assert runtime.stop() == 0
        runtime.process.stdout.close()


async def converse(url, *prompts):
    """The messages of each prompt, one after the other on one WebSocket."""
    conversations = []
    async with websockets.connect(url) as client:
        for prompt in prompts:
            await client.send(json.dumps({"action": "invoke", "payload": {"prompt": prompt}}))
            conversations.append([])
            while not conversations[-1] or conversations[-1][-1]["type"] == "chunk":
                conversations[-1].append(json.loads(await client.recv()))
    return conversations


def test_answers_on_its_websocket(start_runtime_process):
    runtime = start_runtime_process()
    for messages in asyncio.run(converse(runtime.ws_url, PROMPT, PROMPT)):
        assert messages[-1]["type"] == "complete" and messages[-1]["data"]["final_decision"]
        assert [message["type"] for message in messages[:-1]] == ["chunk"] * 14


def test_answers_invocations_with_json_or_events(start_runtime_process):
    runtime = start_runtime_process()
    answer = curl_json(f"{runtime.url}/invocations", {"prompt": PROMPT})
    assert answer.status == 200 and answer.header("content-type") == "application/json"
    assert answer.json()["final_decision"]
    streamed = curl_json(f"{runtime.url}/invocations", {"prompt": PROMPT}, "-H", "Accept: text/event-stream")
    assert streamed.status == 200 and streamed.header("content-type") == "text/event-stream"
    events = [json.loads(frame.removeprefix(b"data: ")) for frame in streamed.body.split(b"\n\n") if frame]
    assert events[-1]["type"] == "complete" and len(events) == 15


def test_says_how_it_is(start_runtime_process):
    runtime = start_runtime_process(agent_chunk_delay_ms=60_000)
    health = runtime.get("/ping").json()
    assert health["status"] == "Healthy" and health["time_of_last_update"] > 1_700_000_000

    async def busy():
        async with websockets.connect(runtime.ws_url) as client:
            await client.send(json.dumps({"action": "invoke", "payload": {"prompt": PROMPT}}))
            await client.recv()
            return (await asyncio.to_thread(runtime.get, "/ping")).json()["status"]

    assert asyncio.run(busy()) == "HealthyBusy"
    wait_until(lambda: runtime.get("/ping").json()["status"] == "Healthy", "the client that left is forgotten")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["/ws"], 426), (["/nothing"], 404), (["/invocations"], 405), (["/ping", "-X", "POST"], 405)],
)
def test_refuses_in_the_runtimes_own_words(start_runtime_process, arguments, status):
    runtime = start_runtime_process()
    answer = curl(runtime.url + arguments[0], *arguments[1:])
    assert answer.status == status
    assert answer.json()["type"] == "error" and answer.json()["error"]["code"]


def test_has_the_limits_of_the_one_server(start_runtime_process):
    """What a request may be is judged where the gateway's requests are."""
    runtime = start_runtime_process()
    for text, status in [
        (b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", 400),
        (b"POST /invocations HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n", 413),
        (b"GET /ping HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET /ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"\r\n" + PING, 200),
    ]:
        with runtime.raw() as client:
            client.send(text)
            assert client.read_answer().status == status, text[:60]


def test_signals_that_mean_nothing_end_nothing(start_runtime_process):
    runtime = start_runtime_process()
    with runtime.raw() as client:
        for number in HARMLESS_SIGNALS:
            runtime.process.send_signal(number)
            client.send(PING)
            assert client.read_answer().status == 200, number
    assert runtime.stop() == 0


def test_ends_idle_websockets_politely(start_runtime_process):
    runtime = start_runtime_process()

    async def wait_for_goodbye():
        async with websockets.connect(runtime.ws_url) as client:
            runtime.process.send_signal(signal.SIGTERM)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await client.recv()
            return closed.value.code

    assert asyncio.run(wait_for_goodbye()) == 1001
    assert runtime.process.wait(STOP_SECONDS) == 0
