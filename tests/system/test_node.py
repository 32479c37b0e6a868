"""Foreign peers from Node: AWS's own SDK as the runtime, fetch and eventsource-parser as the client."""

import asyncio
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from peers.node import FOLDER
from peers.runtime_process import RuntimeProcess

PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"


@pytest.fixture(scope="module")
def agentcore(node):
    runtime = RuntimeProcess(node, str(FOLDER / "agentcore_runtime.js"))
    yield runtime
    runtime.stop()


def read_stream(node, url, prompt=PROMPT):
    done = subprocess.run(
        [node, str(FOLDER / "read_stream.js"), url, prompt],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_talks_to_the_runtime_sdk_of_aws(start_gateway, agentcore):
    gateway = start_gateway(runtime_url=f"ws://127.0.0.1:{agentcore.port}/ws")
    answer = gateway.invoke(PROMPT)
    assert answer.status == 200, answer
    body = answer.json()
    assert body["assessment"] == {
        "action": "invoke",
        "payload": {"prompt": PROMPT, "session_id": body["session_id"]},
        "session_of_header": body["session_id"],
    }
    assert body["final_decision"] == "approved"
    assert body["safety_phase"]["agents"]["crew_compliance"]["status"] == "approved"


def test_many_invocations_of_the_runtime_sdk_of_aws(start_gateway, agentcore):
    gateway = start_gateway(runtime_url=f"ws://127.0.0.1:{agentcore.port}/ws")
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda number: gateway.invoke(f"Disruption number {number:03}"), range(50)))
    assert [answer.status for answer in answers] == [200] * 50
    prompts = [answer.json()["assessment"]["payload"]["prompt"] for answer in answers]
    assert prompts == [f"Disruption number {number:03}" for number in range(50)]


def test_both_foreign_peers_at_once(start_gateway, agentcore, node):
    gateway = start_gateway(runtime_url=f"ws://127.0.0.1:{agentcore.port}/ws")
    got = read_stream(node, gateway.url)
    assert got["status"] == 200 and got["headers"]["content-type"].startswith("text/event-stream")
    assert [event["data"]["type"] for event in got["events"]] == ["metadata", "chunk", "chunk", "complete"]


def test_node_reads_the_stream_of_many_chunks(start_gateway, start_runtime, node):
    async def script(peer):
        for number in range(300):
            await peer.chunk("network", number=number, text="é😀\r\n\u2028: data: x")
        await peer.complete()

    gateway = start_gateway(start_runtime(script))
    got = read_stream(node, gateway.url)
    assert [event["data"]["seq"] for event in got["events"]] == list(range(302))
    chunks = [event["data"]["data"]["partial_result"] for event in got["events"][1:-1]]
    assert chunks == [{"number": number, "text": "é😀\r\n\u2028: data: x"} for number in range(300)]


def test_node_sees_keep_alives_as_comments(start_gateway, start_runtime, node):
    async def script(peer):
        await asyncio.sleep(1)  # The runtime's own time.
        await peer.complete()

    gateway = start_gateway(start_runtime(script), keep_alive_ms=20)
    got = read_stream(node, gateway.url)
    assert len(got["comments"]) >= 3 and set(got["comments"]) == {"keep-alive"}
    assert [event["data"]["type"] for event in got["events"]] == ["metadata", "complete"]
