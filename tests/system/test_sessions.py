"""The life of a session: created, used, listed, read page by page, erased, and kept across a restart."""

import contextlib
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers.clients import UUID4, curl, curl_json
from peers.fake_runtime import answer_with
from peers.waiting import wait_until

NEVER_WAS = "7f0c1f6e-3a52-4d1c-9b1e-0123456789ab"


def create(gateway):
    answer = curl(f"{gateway.url}/api/v1/sessions", "-X", "POST")
    assert answer.status == 201, answer
    session = answer.json()["session_id"]
    assert UUID4.fullmatch(session)
    return session


def test_lives_from_creation_to_erasure(start_gateway, start_runtime):
    async def script(peer):
        await peer.complete({"assessment": {"turn": len(runtime.requests)}})

    runtime = start_runtime(script)
    gateway = start_gateway(runtime)
    session = create(gateway)
    answers = [
        curl_json(
            f"{gateway.url}/api/v1/invoke", {"prompt": f"turn number {n} of two", "session_id": session}
        )
        for n in (1, 2)
    ]
    assert [answer.status for answer in answers] == [200, 200]
    assert {answer.json()["session_id"] for answer in answers} == {session}
    assert {request["payload"]["session_id"] for request in runtime.requests} == {session}

    url = f"{gateway.url}/api/v1/sessions/{session}"
    history = curl(url).json()
    assert history["session_id"] == session and history["interaction_count"] == 2
    assert history["created_at"] <= history["last_interaction_at"]
    first, second = history["interactions"]
    assert first["timestamp"] < second["timestamp"]
    for turn, (interaction, answer) in enumerate(zip((first, second), answers), 1):
        assert interaction["session_id"] == session
        assert interaction["prompt"] == f"turn number {turn} of two"
        assert interaction["status"] == "success"
        assert interaction["response"] == answer.json()
        assert interaction["request_id"] == answer.json()["request_id"]
        assert interaction["execution_time_ms"] == answer.json()["execution_time_ms"]

    erased = curl(url, "-X", "DELETE")
    assert erased.status == 204 and erased.body == b""
    gone = curl(url)
    assert (gone.status, gone.error_code) == (404, "SESSION_NOT_FOUND")
    assert curl(url, "-X", "DELETE").status == 404


def test_remembers_failures_too(start_gateway, start_runtime):
    async def script(peer):
        if len(runtime.requests) == 1:
            await peer.error("MODEL_CRASHED", "no more tokens")
        else:
            await peer.hang()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, total_timeout_ms=1500)
    session = create(gateway)
    assert gateway.invoke(session_id=session).status == 502
    assert gateway.invoke(session_id=session).status == 504
    failed, timed_out = gateway.history(session)
    assert failed["status"] == "error" and timed_out["status"] == "timeout"
    assert failed["error_message"] and timed_out["error_message"]
    assert failed["response"]["error_code"] == "RUNTIME_ERROR"


def test_a_locked_database_says_when_to_come_back(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    session = create(gateway)
    with contextlib.closing(sqlite3.connect(gateway.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for method, path in (("POST", ""), ("DELETE", f"/{session}")):
            refused = gateway.request(method, f"/api/v1/sessions{path}")
            assert (refused.status, refused.error_code) == (503, "STORE_UNAVAILABLE")
            assert int(refused.header("retry-after")) >= 1
        other.execute("ROLLBACK")
    assert gateway.request("DELETE", f"/api/v1/sessions/{session}").status == 204


def test_health_tells_of_ends_that_wait_for_the_store(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    session = create(gateway)
    assert gateway.invoke(session_id=session).status == 200
    with contextlib.closing(sqlite3.connect(gateway.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = gateway.invoke(session_id=session)
        assert answer.status == 200 and answer.header("x-session-persisted") == "false; later"
        health = gateway.get("/api/v1/health").json()
        assert health["status"] == "degraded" and health["outbox"] == {"waiting": 1}
        other.execute("ROLLBACK")
    wait_until(lambda: gateway.get("/api/v1/health").json()["outbox"] == {"waiting": 0}, "the outbox is empty")
    assert gateway.get(f"/api/v1/sessions/{session}").json()["interaction_count"] == 2


def test_a_new_session_has_no_interactions(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    history = gateway.get(f"/api/v1/sessions/{create(gateway)}").json()
    assert history["interactions"] == [] and history["interaction_count"] == 0


@pytest.mark.parametrize("name", [NEVER_WAS, "x", "%00", "a%2Fb", NEVER_WAS.replace("-4", "-1", 1)])
def test_what_never_was_is_not_found(start_gateway, start_runtime, name):
    gateway = start_gateway(start_runtime())
    answer = curl(f"{gateway.url}/api/v1/sessions/{name}")
    if name == "%00":
        assert answer.status == 400
    else:
        assert (answer.status, answer.error_code) == (404, "SESSION_NOT_FOUND")


def test_lists_page_by_page_newest_first(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    made = [create(gateway) for _ in range(7)]
    assert gateway.invoke(session_id=made[2]).status == 200
    listed, cursor, pages = [], "", 0
    while cursor is not None:
        answer = curl(
            f"{gateway.url}/api/v1/sessions?limit=3" + (f"&cursor={cursor}" if cursor else "")
        ).json()
        assert len(answer["sessions"]) <= 3
        listed += answer["sessions"]
        cursor = answer["next_cursor"]
        pages += 1
        assert pages < 10
    names = [session["session_id"] for session in listed]
    assert names[0] == made[2] and sorted(names) == sorted(made)
    activity = [session["last_interaction_at"] for session in listed]
    assert activity == sorted(activity, reverse=True)
    assert {session["status"] for session in listed} == {"active"}
    assert listed[0]["interaction_count"] == 1


def test_filters_by_status(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    create(gateway)
    assert len(gateway.get("/api/v1/sessions?status=active").json()["sessions"]) == 1
    assert gateway.get("/api/v1/sessions?status=expired").json()["sessions"] == []


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "limit=-1", "cursor=nonsense", "status=odd", "limt=5"]
)
def test_refuses_odd_parameters(start_gateway, start_runtime, query):
    gateway = start_gateway(start_runtime())
    answer = curl(f"{gateway.url}/api/v1/sessions?{query}")
    assert (answer.status, answer.error_code) == (400, "INVALID_REQUEST"), query


def test_reads_a_long_history_page_by_page(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(answer_with({})))
    session = create(gateway)
    made = [gateway.invoke(session_id=session).json()["request_id"] for _ in range(12)]
    read, cursor = [], ""
    for expected in (5, 5, 2):
        answer = gateway.get(
            f"/api/v1/sessions/{session}?limit=5" + (f"&cursor={cursor}" if cursor else "")
        ).json()
        assert len(answer["interactions"]) == expected
        read += [interaction["request_id"] for interaction in answer["interactions"]]
        cursor = answer["next_cursor"]
    assert cursor is None and read == made


def test_survives_a_restart(start_gateway, start_runtime):
    runtime = start_runtime()
    gateway = start_gateway(runtime)
    session = create(gateway)
    before = gateway.invoke(session_id=session).json()
    gateway.stop()
    again = start_gateway(runtime, database=gateway.database)
    assert again.history(session)[0]["response"] == before
    assert again.invoke(session_id=session).status == 200
    assert len(again.history(session)) == 2


def test_turns_of_one_session_wait_for_each_other(start_gateway, start_runtime):
    running, most = [], []
    first_may_end = threading.Event()

    async def script(peer):
        running.append(peer)
        most.append(len(running))
        if len(runtime.requests) == 1:
            await peer.wait_for(first_may_end)
        running.remove(peer)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime)
    session = create(gateway)
    other = create(gateway)
    with ThreadPoolExecutor(6) as pool:
        turns = [pool.submit(gateway.invoke, session_id=session)]
        wait_until(lambda: len(runtime.requests) == 1, "the first turn runs")
        turns += [pool.submit(gateway.invoke, session_id=session) for _ in range(3)]
        wait_until(lambda: sum(gateway.slots()[:2]) == 4, "the others wait")
        assert gateway.invoke(session_id=other).status == 200, "another session must not wait"
        first_may_end.set()
        assert [turn.result().status for turn in turns] == [200] * 4
    assert max(most) == 2, "the other session's turn ran beside the first, and nothing else"
    assert len(gateway.history(session)) == 4


def test_may_refuse_a_turn_instead(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, session_concurrency="reject")
    session = create(gateway)
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(gateway.invoke, session_id=session)
        wait_until(lambda: len(runtime.requests) == 1, "the first turn runs")
        answer = gateway.invoke(session_id=session)
        assert (answer.status, answer.error_code) == (409, "SESSION_BUSY")
        may_end.set()
        assert turn.result().status == 200
    assert gateway.invoke(session_id=session).status == 200
    assert len(runtime.requests) == 2


def test_interactions_of_one_millisecond_do_not_overwrite_each_other(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime(answer_with({})))
    session = create(gateway)
    started = time.monotonic()
    made = [gateway.invoke(session_id=session).json()["request_id"] for _ in range(50)]
    history = gateway.history(session)
    assert [interaction["request_id"] for interaction in history] == made, time.monotonic() - started
    stamps = [interaction["timestamp"] for interaction in history]
    assert all(a < b for a, b in zip(stamps, stamps[1:]))
