"""Invocations that outlive their request: taken on, looked at, followed, cancelled, and across a restart."""

import contextlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import threading
import uuid

from peers.clients import curl, curl_json, expect_problem
from peers.event_ids import seq_of
from peers.waiting import wait_until

PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"


def frames_with_ids(body):
    """The events of a stream that carries ids: (id, data)."""
    events = []
    for frame in body.decode().removesuffix("\n\n").split("\n\n"):
        lines = [line for line in frame.split("\n") if not line.startswith((":", "retry:"))]
        if lines:
            assert [line.split(":")[0] for line in lines] == ["id", "data"], frame
            events.append((seq_of(lines[0]), json.loads(lines[1].removeprefix("data: "))))
    return events


def begin(gateway, *, key=None, prompt=PROMPT, prefer="respond-async"):
    headers = {"Prefer": prefer} if prefer else {}
    if key:
        headers["Idempotency-Key"] = key
    return gateway.request("POST", "/api/v1/invoke", {"prompt": prompt}, headers)


def state(gateway, request_id, prefer=None):
    answer = gateway.request(
        "GET", f"/api/v1/invocations/{request_id}", headers={"Prefer": prefer} if prefer else {}
    )
    assert answer.status == 200, answer
    return answer.json()


def running_in(gateway):
    return gateway.request("GET", "/api/v1/health").json()["invocations"]["running"]


def batches_in(database):
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT count(*) FROM journal_batches").fetchone()[0]


def test_is_taken_on_at_once_and_asked_for_later(start_gateway, start_runtime):
    go = threading.Event()

    async def script(peer):
        await peer.chunk("cargo")
        await peer.wait_for(go)
        await peer.complete()

    gateway = start_gateway(start_runtime(script))
    accepted = curl_json(f"{gateway.url}/api/v1/invoke", {"prompt": PROMPT}, "-H", "Prefer: respond-async")
    assert accepted.status == 202
    assert accepted.header("preference-applied") == "respond-async"
    assert accepted.header("retry-after") == "2"
    body = accepted.json()
    assert accepted.header("location") == body["status_url"] == f"/api/v1/invocations/{body['request_id']}"
    assert state(gateway, body["request_id"])["status"] == "running"

    go.set()
    answer = curl(gateway.url + body["status_url"], "-H", "Prefer: wait=20")
    done = answer.json()
    assert done["status"] == "success"
    assert done["result"]["request_id"] == body["request_id"]
    assert done["result"]["assessment"] == {"summary": "three hours late"}

    stream = curl(gateway.url + body["events_url"])
    assert stream.header("content-type") == "text/event-stream; charset=utf-8"
    events = frames_with_ids(stream.body)
    assert [seq for seq, _ in events] == [0, 1, 2]
    assert events[2][1]["data"] == done["result"]
    rest = curl(gateway.url + body["events_url"], "-H", "Last-Event-ID: 1")
    assert frames_with_ids(rest.body) == events[2:]
    assert curl(gateway.url + body["events_url"] + "?after=2").status == 204


def test_a_slow_whole_answer_becomes_a_202(start_gateway, start_runtime):
    go = threading.Event()

    async def script(peer):
        await peer.wait_for(go)
        await peer.complete()

    gateway = start_gateway(start_runtime(script), buffered_wait_ms=50)
    answer = gateway.invoke()
    assert answer.status == 202
    request_id = answer.json()["request_id"]
    go.set()
    assert state(gateway, request_id, "wait=20")["status"] == "success"


def test_cancelling_frees_what_it_held(start_gateway, start_runtime):
    closed = threading.Event()

    async def script(peer):
        await peer.hang()
        closed.set()

    gateway = start_gateway(start_runtime(script), max_concurrent_invocations=1)
    running, queued = (begin(gateway).json()["request_id"] for _ in range(2))
    wait_until(lambda: state(gateway, running)["status"] == "running", "the first one runs")
    assert state(gateway, queued)["status"] == "queued"
    for request_id in (queued, running, running):
        cancelled = gateway.request("DELETE", f"/api/v1/invocations/{request_id}")
        assert cancelled.status == 200 and cancelled.json()["status"] == "cancelled"
        assert cancelled.json()["error"]["error_code"] == "CANCELLED"
    assert closed.wait(20), "the WebSocket is closed"
    wait_until(lambda: running_in(gateway) == 0, "nothing runs")


def test_lists_what_the_caller_has_begun(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    begun = [begin(gateway).json()["request_id"] for _ in range(3)]
    for request_id in begun:
        assert state(gateway, request_id, "wait=20")["status"] == "success"
    listed = gateway.request("GET", "/api/v1/invocations?status=success").json()
    assert {entry["request_id"] for entry in listed["invocations"]} == set(begun)
    assert listed["next_cursor"] is None
    assert gateway.request("GET", "/api/v1/invocations?status=running").json()["invocations"] == []
    expect_problem(gateway.request("GET", "/api/v1/invocations?status=done"), 400, "INVALID_REQUEST")
    expect_problem(
        gateway.request("GET", f"/api/v1/invocations/{uuid.uuid4()}"), 404, "INVOCATION_NOT_FOUND"
    )


def test_one_key_is_one_run_whoever_comes(start_gateway, start_runtime):
    go = threading.Event()

    async def script(peer):
        await peer.chunk("cargo")
        await peer.wait_for(go)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(begin(gateway, key="order-1", prefer=None)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    wait_until(lambda: running_in(gateway) == 1, "it runs")
    go.set()
    for thread in threads:
        thread.join(30)
    assert [answer.status for answer in answers] == [200] * 8
    assert len({answer.body for answer in answers}) == 1
    assert sorted(answer.header("idempotency-replayed") or "" for answer in answers) == [""] + ["true"] * 7
    assert len(runtime.requests) == 1
    expect_problem(begin(gateway, key="order-1", prompt=PROMPT + "!"), 422, "IDEMPOTENCY_CONFLICT")


def test_everything_is_there_after_a_restart(start_gateway, start_runtime, tmp_path):
    runtime = start_runtime()
    database = str(tmp_path / "sessions.db")
    gateway = start_gateway(runtime, database=database)
    first = begin(gateway, key="order-1", prefer=None)
    request_id = first.json()["request_id"]
    stream = gateway.request("GET", f"/api/v1/invocations/{request_id}/events")
    gateway.stop()
    gateway = start_gateway(runtime, database=database)
    again = begin(gateway, key="order-1", prefer=None)
    assert again.header("idempotency-replayed") == "true"
    assert again.body == first.body
    assert gateway.request("GET", f"/api/v1/invocations/{request_id}/events").body == stream.body
    assert state(gateway, request_id)["status"] == "success"
    assert len(runtime.requests) == 1


def test_what_a_crash_cut_off_has_an_end(start_gateway, start_runtime, tmp_path):
    async def script(peer):
        await peer.chunk("cargo")
        await peer.hang()

    runtime = start_runtime(script)
    database = str(tmp_path / "sessions.db")
    gateway = start_gateway(runtime, database=database)
    request_id = begin(gateway, key="order-1").json()["request_id"]
    session_id = state(gateway, request_id)["session_id"]
    wait_until(lambda: batches_in(database) == 1, "what it said is on the disk, after a short while")
    gateway.kill()

    gateway = start_gateway(runtime, database=database)
    ended = state(gateway, request_id)
    assert ended["status"] == "interrupted"
    assert ended["error"]["error_code"] == "INTERRUPTED"
    assert ended["error"]["details"]["received"]["count"] == 1
    events = frames_with_ids(gateway.request("GET", f"/api/v1/invocations/{request_id}/events").body)
    assert [event["type"] for _, event in events] == ["metadata", "chunk", "error"]
    assert [entry["request_id"] for entry in gateway.history(session_id)] == [request_id]
    again = begin(gateway, key="order-1", prefer=None)
    assert again.status == 503 and again.error_code == "INTERRUPTED"
    assert again.header("idempotency-replayed") == "true"
    assert len(runtime.requests) == 1, "it may have been paid for"


def test_the_documented_commands_work(start_gateway, start_runtime):
    """Those of docs/api.md, as they stand there but for the address."""
    gateway = start_gateway(start_runtime())
    text = (pathlib.Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    commands = [
        command.replace("http://127.0.0.1:8080", gateway.url)
        for command in block.replace("\\\n", " ").strip().split("\n")
    ]

    def run(command, **variables):
        done = subprocess.run(
            ["bash", "-ec", command],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout

    begin_it, look, follow = commands
    request_id = json.loads(run(begin_it))["request_id"]
    assert json.loads(run(look, REQUEST_ID=request_id))["status"] == "success"
    assert frames_with_ids(run(follow, REQUEST_ID=request_id).encode())[-1][1]["type"] == "complete"


def test_a_start_whose_store_takes_no_writes_ends_what_was_interrupted_later(start_gateway, start_runtime, tmp_path):
    """What had ended is told from the outbox meanwhile."""
    go = threading.Event()

    async def script(peer):
        if "hangs" in peer.request["payload"]["prompt"]:
            await peer.hang()
        else:
            await peer.wait_for(go)
            await peer.complete()

    runtime = start_runtime(script)
    settings = {"database": str(tmp_path / "sessions.db"), "probe_interval_ms": 100}
    gateway = start_gateway(runtime, **settings)
    ended, cut_off = (begin(gateway, prompt=f"{PROMPT}: {what}").json()["request_id"] for what in ("ends", "hangs"))
    with contextlib.closing(sqlite3.connect(gateway.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        go.set()
        wait_until(lambda: gateway.get("/api/v1/health").json()["outbox"] == {"waiting": 1}, "it waits")
        assert state(gateway, ended)["status"] == "success"
        gateway.kill()
        gateway = start_gateway(runtime, **settings)
        assert gateway.wait_for_log("interrupted_not_ended")
        assert state(gateway, ended)["status"] == "success"
        assert state(gateway, cut_off)["status"] == "running"
        other.execute("ROLLBACK")
    wait_until(lambda: state(gateway, cut_off)["status"] == "interrupted", "it has ended")
    assert state(gateway, ended)["status"] == "success"
