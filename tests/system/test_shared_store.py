"""Two gateways on one DynamoDB (dynalite) are one service: what one of them makes, runs, or leaves behind, the other
one tells, ends, and never runs again."""

import json
import re
import statistics
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers.clients import UUID4, expect_problem
from peers.gateway_process import run_command
from peers.signers import Key, Wire, sign_by_botocore
from peers.sse_reader import SseReader
from peers.waiting import wait_until
from peers.witness import Witness, pause

PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"
NEVER_WAS = "7f0c1f6e-3a52-4d1c-9b1e-0123456789ab"
# Of a gateway that died: its lease of 1 s, half of it again, and a slow machine.
BURIED_SECONDS = 20


def create(gateway):
    answer = gateway.request("POST", "/api/v1/sessions")
    assert answer.status == 201, answer
    return answer.json()["session_id"]


def begin(gateway, key=None, prompt=PROMPT, prefer="respond-async", **fields):
    headers = {"Prefer": prefer} if prefer else {}
    if key:
        headers["Idempotency-Key"] = key
    return gateway.invoke(prompt, headers, **fields)


def state(gateway, request_id, prefer=None):
    headers = {"Prefer": prefer} if prefer else {}
    answer = gateway.get(f"/api/v1/invocations/{request_id}", headers=headers)
    assert answer.status == 200, answer
    return answer.json()


def test_a_session_is_the_same_on_both(start_shared, start_runtime):
    runtime = start_runtime()
    first, second = start_shared(runtime), start_shared(runtime)
    session = create(first)
    assert second.history(session) == []
    told = [gateway.invoke(session_id=session) for gateway in (first, second, first)]
    assert [answer.status for answer in told] == [200] * 3
    for gateway in (first, second):
        history = gateway.history(session)
        assert [interaction["response"] for interaction in history] == [answer.json() for answer in told]
        (listed,) = gateway.get("/api/v1/sessions").json()["sessions"]
        assert (listed["session_id"], listed["interaction_count"]) == (session, 3)
    assert second.request("DELETE", f"/api/v1/sessions/{session}").status == 204
    for gateway in (first, second):
        expect_problem(gateway.get(f"/api/v1/sessions/{session}"), 404, "SESSION_NOT_FOUND")
        assert gateway.get("/api/v1/sessions").json()["sessions"] == []
    # Under its name begins another one, which knows nothing of it.
    again = first.invoke(session_id=session).json()
    assert [interaction["response"] for interaction in second.history(session)] == [again]


def test_a_stream_of_one_is_followed_on_the_other(start_shared, start_runtime, capsys):
    """From its first chunk on, without a gap, to its end; and not far behind."""
    chunks = 40

    async def script(peer):
        for number in range(1, chunks + 1):
            await peer.chunk("cargo", number=number)
            await pause(peer, 0.1)
        await peer.complete()

    runtime = start_runtime(script)
    first, second = start_shared(runtime), start_shared(runtime)
    body = {"prompt": PROMPT, "streaming": True}
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    told = SseReader(first, "/api/v1/invoke", "POST", body, headers)
    wait_until(lambda: told.events, "the stream begins")
    request_id = told.events[0][1]["request_id"]
    wait_until(lambda: len(told.events) > 1, "it says something")
    followed = SseReader(second, f"/api/v1/invocations/{request_id}/events?after=0")
    assert followed.status == 200
    told, followed = told.wait(), followed.wait()

    assert [seq for seq, _, _ in told] == list(range(chunks + 2))
    assert [(seq, event) for seq, event, _ in followed] == [(seq, event) for seq, event, _ in told[1:]]
    assert followed[-1][1]["type"] == "complete"
    # Of what was said before the follower came it is behind by no fault of its own.
    lags_ms = sorted((late - early) * 1000 for (_, _, early), (_, _, late) in zip(told[3:], followed[2:]))
    with capsys.disabled():
        print(
            f"\nbehind by, in ms: {lags_ms[0]:.0f} to {lags_ms[-1]:.0f}, median {statistics.median(lags_ms):.0f}"
        )
    # The aim is 500 ms; this machine may be busy.
    assert statistics.median(lags_ms) < 5000


def test_who_comes_behind_the_end_is_told_all_of_it(start_shared, start_runtime):
    runtime = start_runtime()
    first, second = start_shared(runtime), start_shared(runtime)
    request_id = begin(first).json()["request_id"]
    assert state(second, request_id, "wait=20")["status"] == "success"
    assert state(first, request_id)["result"] == state(second, request_id)["result"]
    streams = [
        gateway.get(f"/api/v1/invocations/{request_id}/events").body for gateway in (first, second)
    ]
    assert streams[0] == streams[1]
    assert second.get(f"/api/v1/invocations/{request_id}/events?after=3").status == 204
    (listed,) = second.get("/api/v1/invocations?status=success").json()["invocations"]
    assert listed["request_id"] == request_id


@pytest.mark.parametrize("prefer", [None, "respond-async"])
def test_one_key_is_one_run_on_whichever_it_comes(start_shared, start_runtime, prefer):
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0.3))
    gateways = start_shared(runtime), start_shared(runtime)
    for number in range(10):
        key, prompt = f"order-{number}", f"{PROMPT}, order {number}"
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda n: begin(gateways[n % 2], key, prompt, prefer), range(6)))
        assert {answer.status for answer in answers} == {202 if prefer else 200}, answers
        ids = {answer.json()["request_id"] for answer in answers}
        assert len(ids) == 1, "one key, one invocation"
        replayed = [answer.header("idempotency-replayed") == "true" for answer in answers]
        assert sorted(replayed) == [False] + [True] * 5
        if not prefer:
            assert len({answer.body for answer in answers}) == 1
        for gateway in gateways:
            assert state(gateway, *ids, "wait=20")["status"] == "success"
            expect_problem(begin(gateway, key, prompt + "!", prefer), 422, "IDEMPOTENCY_CONFLICT")
        assert witness.count(prompt) == 1
    assert not witness.overlaps


def test_the_other_one_ends_what_one_runs(start_shared, start_runtime):
    closed = threading.Event()

    async def script(peer):
        await peer.chunk("cargo")
        await peer.hang()
        closed.set()

    runtime = start_runtime(script)
    first, second = start_shared(runtime), start_shared(runtime)
    request_id = begin(first).json()["request_id"]
    wait_until(lambda: runtime.requests, "it runs")
    answer = second.request("DELETE", f"/api/v1/invocations/{request_id}")
    assert answer.status in (200, 202), answer
    assert closed.wait(BURIED_SECONDS), "the WebSocket is closed"
    for gateway in (second, first):
        ended = state(gateway, request_id, "wait=20")
        assert (ended["status"], ended["error"]["error_code"]) == ("cancelled", "CANCELLED")
    first.wait_idle()


def test_turns_of_a_session_never_overlap(start_shared, start_runtime):
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0.05))
    gateways = start_shared(runtime), start_shared(runtime)
    sessions = [create(gateways[n % 2]) for n in range(3)]
    turns = [(gateways[n // 3 % 2], sessions[n % 3]) for n in range(36)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda turn: turn[0].invoke(session_id=turn[1]), turns))
    assert {answer.status for answer in answers} == {200}
    assert len(witness.runs) == len(turns) and not witness.overlaps
    for session in sessions:
        ids = [interaction["request_id"] for interaction in gateways[0].history(session)]
        told = [answer.json() for answer in answers]
        assert sorted(ids) == sorted(one["request_id"] for one in told if one["session_id"] == session)


def test_a_turn_that_the_other_one_has_may_be_refused(start_shared, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    first, second = (start_shared(runtime, session_concurrency="reject") for _ in range(2))
    session = create(first)
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(first.invoke, session_id=session)
        wait_until(lambda: runtime.requests, "the first turn runs")
        for key, prefer in ((None, None), ("order-1", None), (None, "respond-async")):
            expect_problem(begin(second, key, prefer=prefer, session_id=session), 409, "SESSION_BUSY")
        may_end.set()
        assert turn.result().status == 200
    # What was refused has left nothing behind: neither its key nor the session is taken.
    answer = begin(second, "order-1", prefer=None, session_id=session)
    assert answer.status == 200 and answer.header("idempotency-replayed") is None
    assert len(runtime.requests) == 2 and len(first.history(session)) == 2


def test_what_a_killed_one_ran_is_ended_by_the_other(start_shared, start_runtime):
    witness = Witness()

    async def script(peer):
        with witness.run(peer) as run:
            await peer.chunk("cargo")
            if "hangs" in run.prompt:
                await peer.hang()
                return
            witness.note_end(run)
            await peer.complete()

    runtime = start_runtime(script)
    first, second = start_shared(runtime), start_shared(runtime)
    session = create(first)
    prompt = f"{PROMPT}: hangs"
    begun = begin(first, "order-1", prompt, session_id=session)
    request_id = begun.json()["request_id"]
    wait_until(lambda: len(witness.runs) == 1, "it runs")
    # One chunk of it is kept: the other one can read it.
    follower = SseReader(second, f"/api/v1/invocations/{request_id}/events")
    wait_until(lambda: len(follower.events) == 2, "what it said is in the store")
    killed_at = time.monotonic()
    first.kill()
    # Its turn is wanted already, while the dead one still has it.
    with ThreadPoolExecutor(1) as pool:
        next_turn = pool.submit(second.invoke, session_id=session)
        wait_until(
            lambda: state(second, request_id)["status"] == "interrupted",
            "another one has ended it",
            BURIED_SECONDS,
        )
        ended_after = time.monotonic() - killed_at
        assert next_turn.result().status == 200
    ended = state(second, request_id)
    assert ended["error"]["error_code"] == "INTERRUPTED"
    assert ended["error"]["details"]["received"]["count"] == 1
    assert [event["type"] for _, event, _ in follower.wait()] == ["metadata", "chunk", "error"]
    again = begin(second, "order-1", prompt, prefer=None, session_id=session)
    assert (again.status, again.error_code) == (503, "INTERRUPTED")
    assert again.header("idempotency-replayed") == "true"
    assert witness.count(prompt) == 1, "it may have been paid for"
    assert not witness.overlaps
    history = second.history(session)
    assert sorted(interaction["status"] for interaction in history) == ["error", "success"]
    second.wait_for_log("gateway_dead", BURIED_SECONDS)
    print(f"ended {ended_after:.2f} s after the kill")


def test_one_that_comes_back_ends_what_it_left(start_shared, start_runtime, tmp_path):
    """It is the same as before by the file of its outbox: nobody need wait for its lease."""

    async def script(peer):
        await peer.hang()

    runtime = start_runtime(script)
    settings = {"outbox": tmp_path / "outbox", "lease_ms": 600_000}
    first, second = start_shared(runtime, **settings), start_shared(runtime, lease_ms=600_000)
    request_id = begin(first).json()["request_id"]
    wait_until(lambda: runtime.requests, "it runs")
    first.kill()
    assert state(second, request_id)["status"] == "running"
    start_shared(runtime, **settings)
    assert state(second, request_id)["status"] == "interrupted"


def test_a_stop_leaves_nothing_that_must_be_waited_for(start_shared, start_runtime):
    may_end = threading.Event()
    witness = Witness()

    async def script(peer):
        with witness.run(peer) as run:
            await peer.wait_for(may_end)
            witness.note_end(run)
            await peer.complete()

    runtime = start_runtime(script)
    # Whoever waited for such a lease would not be done before the test's patience is.
    first, second = start_shared(runtime, lease_ms=3_600_000), start_shared(runtime, lease_ms=3_600_000)
    session = create(first)
    request_id = begin(first, session_id=session).json()["request_id"]
    wait_until(lambda: witness.runs, "it runs")
    with ThreadPoolExecutor(2) as pool:
        stopping = pool.submit(first.stop)
        next_turn = pool.submit(second.invoke, session_id=session)
        may_end.set()
        stopping.result()
        assert next_turn.result().status == 200
    assert state(second, request_id)["status"] == "success"
    assert second.get("/api/v1/invocations?status=running").json()["invocations"] == []
    assert [interaction["status"] for interaction in second.history(session)] == ["success"] * 2
    assert not witness.overlaps
    assert not second.log_lines("gateway_dead")


# -- several principals --------------------------------------------------------------------------------


class Caller:
    """A principal with a key of its own."""

    def __init__(self, file, principal):
        made = run_command("keys", "add", "--file", str(file), "--principal", principal, "--json")
        assert made.returncode == 0, made.stderr
        self._key = Key.of(json.loads(made.stdout))

    def ask(self, gateway, method, path, body=None, **headers):
        fields = [("Host", f"{gateway.host}:{gateway.port}")]
        fields += [(name.replace("_", "-"), value) for name, value in headers.items()]
        data = b"" if body is None else json.dumps(body).encode()
        if data:
            fields.append(("Content-Type", "application/json"))
        wire = sign_by_botocore(Wire(method, path, headers=fields, body=data), self._key)
        return gateway.request(method, path, data or None, dict(wire.headers))


def told(answer):
    """Status, headers and body without what is different in any two answers."""
    changing = ("date", "x-request-id", "server-timing")
    fields = [(name, value) for name, value in answer.fields if name not in changing]
    body = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", UUID4.sub("ID", answer.body.decode()))
    return answer.status, fields, body


def test_of_other_principals_nothing_is_known_on_either(start_shared, start_runtime, tmp_path):
    keys = tmp_path / "keys.json"
    anna, other = (Caller(keys, f"arn:aws:iam::123456789012:user/{name}") for name in ("anna", "other"))
    runtime = start_runtime()
    settings = {"auth": "iam", "keys": keys, "rate_limit": 0, "account_rate_limit": 0}
    first, second = start_shared(runtime, **settings), start_shared(runtime, **settings)
    session = anna.ask(first, "POST", "/api/v1/sessions").json()["session_id"]
    begun = anna.ask(
        first, "POST", "/api/v1/invoke", {"prompt": PROMPT, "session_id": session}, Idempotency_Key="order-1"
    )
    assert begun.status == 200
    request_id = begun.json()["request_id"]

    for gateway in (first, second):
        for method, path in (
            ("GET", "/api/v1/sessions/{}"),
            ("DELETE", "/api/v1/sessions/{}"),
            ("GET", "/api/v1/invocations/{}"),
            ("GET", "/api/v1/invocations/{}/events"),
            ("DELETE", "/api/v1/invocations/{}"),
        ):
            name = session if "sessions" in path else request_id
            answer = other.ask(gateway, method, path.format(name))
            assert answer.status == 404
            assert told(answer) == told(other.ask(gateway, method, path.format(NEVER_WAS))), path
        body = {"prompt": PROMPT, "session_id": session}
        expect_problem(other.ask(gateway, "POST", "/api/v1/invoke", body), 404, "SESSION_NOT_FOUND")
        assert other.ask(gateway, "GET", "/api/v1/sessions").json()["sessions"] == []
        assert other.ask(gateway, "GET", "/api/v1/invocations").json()["invocations"] == []
        assert anna.ask(gateway, "GET", f"/api/v1/sessions/{session}").json()["interaction_count"] == 1
    # A key is its principal's own.
    own = other.ask(second, "POST", "/api/v1/invoke", {"prompt": PROMPT}, Idempotency_Key="order-1")
    assert own.status == 200 and own.header("idempotency-replayed") is None
    assert len(runtime.requests) == 2
