"""The gate before the runtime: so many run, so many wait, the next is told to come back."""

import threading
from concurrent.futures import ThreadPoolExecutor

from peers.waiting import wait_until


def test_runs_queues_and_refuses(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, max_concurrent_invocations=2, max_queued_invocations=3)
    with ThreadPoolExecutor(10) as pool:
        accepted = [pool.submit(gateway.invoke) for _ in range(5)]
        wait_until(lambda: gateway.slots() == (2, 3, 2), "two run and three wait")
        wait_until(lambda: len(runtime.requests) == 2, "two reached the runtime")
        for streaming in (False, True):
            refused = gateway.invoke(streaming=streaming)
            assert (refused.status, refused.error_code) == (503, "OVERLOADED")
            assert int(refused.header("retry-after")) >= 1
        assert len(runtime.requests) == 2
        may_end.set()
        assert [answer.result().status for answer in accepted] == [200] * 5
    assert len(runtime.requests) == 5


def test_what_is_refused_leaves_no_session_behind(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    gateway = start_gateway(start_runtime(script), max_concurrent_invocations=1, max_queued_invocations=0)
    session = "0b5c2f0e-7d0a-4c8e-9a58-6f1f5b6f2d11"
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(gateway.invoke)
        wait_until(lambda: gateway.slots()[0] == 1, "it runs")
        assert gateway.invoke(session_id=session).error_code == "OVERLOADED"
        assert gateway.get(f"/api/v1/sessions/{session}").status == 404
        may_end.set()
        made = running.result().json()["session_id"]
    listed = gateway.get("/api/v1/sessions").json()["sessions"]
    assert [each["session_id"] for each in listed] == [made]


def test_lets_the_queue_in_by_its_order(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, max_concurrent_invocations=1, max_queued_invocations=10)
    with ThreadPoolExecutor(8) as pool:
        answers = []
        for number in range(6):
            answers.append(pool.submit(gateway.invoke, f"This is number {number}"))
            wait_until(lambda number=number: sum(gateway.slots()[:2]) == number + 1, "it runs or waits")
        may_end.set()
        assert [answer.result().status for answer in answers] == [200] * 6
    prompts = [request["payload"]["prompt"] for request in runtime.requests]
    assert prompts == [f"This is number {number}" for number in range(6)]


def test_one_who_leaves_the_queue_gives_up_his_place(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(
        runtime, max_concurrent_invocations=1, max_queued_invocations=1, disconnect_grace_ms=50
    )
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(gateway.invoke)
        wait_until(lambda: gateway.slots()[0] == 1, "the first runs")
        leaver = gateway.raw()
        leaver.send_invoke({"prompt": "I shall not wait for this"})
        wait_until(lambda: gateway.slots()[1] == 1, "the second waits")
        leaver.close()
        wait_until(lambda: gateway.slots()[1] == 0, "its place is free")
        third = pool.submit(gateway.invoke, "This one may have the place")
        wait_until(lambda: gateway.slots()[1] == 1, "the third waits")
        may_end.set()
        assert first.result().status == 200 and third.result().status == 200
    assert [request["payload"]["prompt"] for request in runtime.requests][1:] == [
        "This one may have the place"
    ]


def test_a_waiting_turn_of_a_session_holds_no_slot_of_another(start_gateway, start_runtime):
    may_end = threading.Event()

    async def script(peer):
        if peer.request["payload"]["prompt"].startswith("slow"):
            await peer.wait_for(may_end)
        await peer.complete()

    runtime = start_runtime(script)
    gateway = start_gateway(runtime, max_concurrent_invocations=2, max_queued_invocations=10)
    session = gateway.request("POST", "/api/v1/sessions").json()["session_id"]
    with ThreadPoolExecutor(4) as pool:
        turns = [pool.submit(gateway.invoke, f"slow turn {n}", session_id=session) for n in range(3)]
        wait_until(lambda: sum(gateway.slots()[:2]) == 3, "one turn runs, two wait")
        assert gateway.invoke("quick one, please").status == 200
        may_end.set()
        assert [turn.result().status for turn in turns] == [200] * 3
