"""Properties 16 (journal), 17 (idempotency), 20 (slots) and 23 (durability) of invocations, seen from outside:
whatever is asked of a real process in whatever order, with `kill -9` in between.

Hypothesis makes the walks up, and prints the one that fails. It does not shorten it: a real process does not
fail at the same step each time. The runtime goes only as far as it is told to."""

import asyncio
import collections
import http.client
import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import hypothesis.stateful as stateful
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from peers.event_ids import seq_of
from peers.waiting import wait_until

RUNNING_MAX = 2
QUEUED_MAX = 2
CALLERS = 5
LIMITS = {"max_concurrent_invocations": RUNNING_MAX, "max_queued_invocations": QUEUED_MAX}
# Enough for some thousand steps; the seed is fixed by derandomize.
WALKS = settings(
    max_examples=100,
    stateful_step_count=25,
    derandomize=True,
    phases=[Phase.generate],
    deadline=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


class SteppedRuntime:
    """The script of a runtime whose every word is the test's."""

    class Run:
        def __init__(self, prompt):
            self.prompt = prompt
            self.words = asyncio.Queue()

    def __init__(self, loop):
        self._loop = loop
        self.open = []
        # How often each prompt ran, over all lives of the gateway.
        self.counts = collections.Counter()

    async def script(self, peer):
        run = self.Run(peer.request["payload"]["prompt"])
        self.counts[run.prompt] += 1
        self.open.append(run)
        closed = asyncio.ensure_future(peer.socket.wait_closed())
        try:
            while not closed.done():
                word = asyncio.ensure_future(run.words.get())
                await asyncio.wait({word, closed}, return_when=asyncio.FIRST_COMPLETED)
                if not word.done():
                    word.cancel()
                elif word.result() is None:
                    return
                else:
                    await peer.send(word.result())
        finally:
            closed.cancel()
            self.open.remove(run)

    def say(self, run, message):
        """`None` closes without an end."""
        self._loop.call_soon_threadsafe(run.words.put_nowait, message)

    def prompts(self):
        return sorted(run.prompt for run in self.open)

    def of(self, prompt):
        found = [run for run in self.open if run.prompt == prompt]
        return found[0] if found else None


class Reader:
    """Follows an event stream on a thread of its own until it ends or breaks, or has read enough."""

    def __init__(self, gateway, method, path, headers, body=None, enough=None):
        self.events = []
        self._enough = enough
        self._connection = http.client.HTTPConnection(gateway.host, gateway.port, timeout=30)
        self._connection.request(method, path, body, headers)
        self._response = self._connection.getresponse()
        self.status = self._response.status
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        seq = None
        try:
            while line := self._response.readline().decode():
                if line.startswith("id: "):
                    seq = seq_of(line)
                elif line.startswith("data: ") and line.endswith("\n"):
                    self.events.append((seq, line.removeprefix("data: ")))
                    if len(self.events) == self._enough:
                        return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self._connection.close()

    def wait(self):
        self._thread.join(30)
        assert not self._thread.is_alive(), "it never ends"
        return self.events


class Invocation:
    """What the test knows of one."""

    def __init__(self, request_id, prompt):
        self.request_id = request_id
        self.prompt = prompt
        # What its runtime has said.
        self.said = 0
        # As it was first told: the whole answer's status and body.
        self.end_status = None
        self.end = None
        self.was_killed = False
        self.readers = []

    @property
    def path(self):
        return f"/api/v1/invocations/{self.request_id}"


class World:
    """One gateway after the other over one database, and the runtime behind them."""

    def __init__(self, start, stepped):
        self._start = start
        self.stepped = stepped
        self.gateway = start()

    def kill(self):
        self.gateway.kill()
        self.gateway = self._start()


class Walk(stateful.RuleBasedStateMachine):
    def __init__(self, world):
        super().__init__()
        self.world = world
        self.stepped = world.stepped
        self.name = uuid.uuid4().hex
        self.known = {}

    # What can be done

    @stateful.rule(key=st.sampled_from("abcdef"), callers=st.integers(1, CALLERS))
    def begin(self, key, callers):
        """All at once; one of them at most begins it, and none is told of another one."""
        held = self.known.get(key)
        with ThreadPoolExecutor(callers) as pool:
            answers = list(pool.map(lambda _: self.post(key, "respond-async"), range(callers)))
        if held is None and self.is_full():
            assert {(answer.status, answer.error_code) for answer in answers} == {(503, "OVERLOADED")}
            return
        assert {answer.status for answer in answers} == {held.end_status if held and held.end else 202}
        ids = {answer.json()["request_id"] for answer in answers}
        if held is None:
            assert len(ids) == 1
            self.known[key] = Invocation(ids.pop(), self.prompt(key))
        else:
            assert ids == {held.request_id}
        replayed = [answer for answer in answers if answer.header("idempotency-replayed") == "true"]
        assert len(replayed) == (callers if held else callers - 1)
        if held and held.end:
            assert {answer.body for answer in answers} == {held.end}

    @stateful.rule(key=st.sampled_from("abcdef"))
    def begin_and_stream(self, key):
        held = self.known.get(key)
        if held is None and self.is_full():
            return
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        headers["Idempotency-Key"] = self.name + key
        body = json.dumps({"prompt": self.prompt(key)})
        reader = Reader(self.world.gateway, "POST", "/api/v1/invoke", headers, body)
        assert reader.status == 200
        wait_until(lambda: reader.events, "the stream begins")
        request_id = json.loads(reader.events[0][1])["request_id"]
        if held is None:
            held = self.known[key] = Invocation(request_id, self.prompt(key))
        assert request_id == held.request_id
        held.readers.append((0, reader))

    @stateful.precondition(lambda self: self.known)
    @stateful.rule(which=st.integers(0, 5), after=st.integers(0, 4))
    def attach(self, which, after):
        its = self.one(which)
        last = its.said + (1 if its.end else 0)
        if after > last:
            after = 0
        # Of one that was killed some words may be lost, and whoever was told them still gets the end.
        if its.end and after == last and not its.was_killed:
            assert self.get(f"{its.path}/events?after={after}").status == 204
            return
        place = "" if after == 0 else f"?after={after}"
        reader = Reader(self.world.gateway, "GET", f"{its.path}/events{place}", {})
        assert reader.status == 200
        its.readers.append((after + 1 if after else 0, reader))

    @stateful.precondition(lambda self: self.running())
    @stateful.rule(which=st.integers(0, 5))
    def say(self, which):
        its = self.a_running(which)
        its.said += 1
        chunk = {"agent": "network", "status": "approved", "partial_result": {"number": its.said}}
        self.stepped.say(self.stepped.of(its.prompt), {"type": "chunk", "data": chunk})
        path = f"{its.path}/events" + (f"?after={its.said - 1}" if its.said > 1 else "")
        events = Reader(self.world.gateway, "GET", path, {}, enough=1 if its.said > 1 else 2).wait()
        assert json.loads(events[-1][1])["data"] == chunk

    @stateful.precondition(lambda self: self.running())
    @stateful.rule(which=st.integers(0, 5), how=st.sampled_from(["complete", "error", "close"]))
    def end(self, which, how):
        its = self.a_running(which)
        self.stepped.say(self.stepped.of(its.prompt), self.last_word(how))
        self.note_end(its, "success" if how == "complete" else "error")

    @stateful.precondition(lambda self: self.known)
    @stateful.rule(which=st.integers(0, 5))
    def cancel(self, which):
        its = self.one(which)
        had_ended = its.end is not None
        answer = self.world.gateway.request("DELETE", its.path)
        assert answer.status == 200
        if not had_ended:
            assert answer.json()["status"] == "cancelled"
        self.note_end(its)

    @stateful.precondition(lambda self: self.running())
    @stateful.rule(which=st.integers(0, 5))
    def cancel_while_it_completes(self, which):
        """Whichever comes first, it is the one end."""
        its = self.a_running(which)
        self.stepped.say(self.stepped.of(its.prompt), self.last_word("complete"))
        answer = self.world.gateway.request("DELETE", its.path)
        assert answer.json()["status"] in ("success", "cancelled")
        self.note_end(its, answer.json()["status"])

    # A start takes as long as many other steps.
    @stateful.precondition(lambda self: any(its.end is None for its in self.known.values()))
    @stateful.rule(times_lucky=st.integers(0, 2))
    def kill(self, times_lucky):
        if times_lucky > 0:
            return
        live = [its for its in self.known.values() if its.end is None]
        self.world.kill()
        for its in live[:RUNNING_MAX]:
            its.was_killed = True
            self.note_end(its, "interrupted")
        # What waited has certainly not run: its end is told, and its key is free again.
        for its in live[RUNNING_MAX:]:
            told = self.get(its.path).json()
            assert told["status"] == "interrupted" and its.prompt not in self.stepped.counts, told
            self.known = {key: one for key, one in self.known.items() if one is not its}

    # What always holds

    @stateful.invariant()
    def each_ran_at_most_once(self):
        counts = {its.prompt: self.stepped.counts[its.prompt] for its in self.known.values()}
        assert all(count <= 1 for count in counts.values()), counts

    @stateful.invariant()
    def slots_are_what_runs(self):
        """Nothing leaks, nothing waits while there is room, and no WebSocket is open beside."""
        live = [its.prompt for its in self.known.values() if its.end is None]
        # In the order they came.
        running = live[:RUNNING_MAX]
        wait_until(lambda: self.stepped.prompts() == sorted(running), f"{running} run")
        wanted = {"running": len(running), "queued": len(live) - len(running)}
        wait_until(lambda: wanted.items() <= self.health()["invocations"].items(), f"{wanted} in health")

    def teardown(self):
        for its in self.known.values():
            self.world.gateway.request("DELETE", its.path)
        # What a walk that failed has left, too: the next one gets an idle gateway.
        for run in list(self.stepped.open):
            self.stepped.say(run, self.last_word("close"))
        wait_until(lambda: not self.stepped.open, "nothing runs")
        for its in self.known.values():
            self.note_end(its)
            self.compare_readers(its)

    def compare_readers(self, its):
        """All were told the same, each from its place on, to the end or to where its connection broke."""
        journal = Reader(self.world.gateway, "GET", f"{its.path}/events", {}).wait()
        seqs = [seq for seq, _ in journal]
        assert seqs == list(range(len(journal)))
        chunks = len(journal) - 2
        assert chunks <= its.said and (its.was_killed or chunks == its.said)
        for first, reader in its.readers:
            events = reader.wait()
            if its.was_killed and first >= len(journal) - 1:
                assert events == journal[-1:]
            elif its.was_killed:
                # It may have been told words that were not kept, and no others.
                assert [seq for seq, _ in events] == list(range(first, first + len(events)))
                common = min(len(journal) - 1, first + len(events)) - first
                assert events[:common] == journal[first : first + common]
            else:
                assert events == journal[first:]

    # Helpers

    def prompt(self, key):
        return f"Flight EY283 is late, {self.name}{key}"

    def post(self, key, prefer):
        headers = {"Idempotency-Key": self.name + key, "Prefer": prefer}
        return self.world.gateway.request("POST", "/api/v1/invoke", {"prompt": self.prompt(key)}, headers)

    def get(self, path, headers=None):
        return self.world.gateway.request("GET", path, headers=headers)

    def health(self):
        return self.get("/api/v1/health").json()

    def is_full(self):
        return sum(its.end is None for its in self.known.values()) == RUNNING_MAX + QUEUED_MAX

    def one(self, which):
        return list(self.known.values())[which % len(self.known)]

    def running(self):
        return [its for its in self.known.values() if its.end is None and self.stepped.of(its.prompt)]

    def a_running(self, which):
        running = self.running()
        return running[which % len(running)]

    @staticmethod
    def last_word(how):
        if how == "close":
            return None
        if how == "error":
            return {"type": "error", "error": {"code": "BROKEN", "message": "it broke"}}
        return {"type": "complete", "data": {"assessment": {"summary": "late"}}}

    def note_end(self, its, status=None):
        """It has ended, as it will say for ever."""
        answer = self.get(its.path, {"Prefer": "wait=20"})
        assert answer.status == 200
        told = answer.json()
        assert status is None or told["status"] == status, told
        # The very bytes of the buffered answer.
        replay = self.world.gateway.request(
            "POST",
            "/api/v1/invoke",
            {"prompt": its.prompt},
            {"Idempotency-Key": its.prompt.removeprefix("Flight EY283 is late, ")},
        )
        self.each_ran_at_most_once()
        assert replay.json() == told.get("result", told.get("error"))
        if its.end is None:
            its.end_status, its.end = replay.status, replay.body
        assert (replay.status, replay.body) == (its.end_status, its.end)


def test_they_keep_their_promises_whatever_is_asked(start_gateway, start_runtime, loop_thread, tmp_path):
    stepped = SteppedRuntime(loop_thread.loop)
    runtime = start_runtime(stepped.script)
    database = str(tmp_path / "sessions.db")
    world = World(lambda: start_gateway(runtime, database=database, log_level="WARNING", **LIMITS), stepped)
    stateful.run_state_machine_as_test(lambda: Walk(world), settings=WALKS)
