"""What a runtime saw: which runs there were, of which session, and that none of a session overlapped."""

import asyncio
import collections
import contextlib
import dataclasses
import threading
import time


@dataclasses.dataclass
class Run:
    session: str
    prompt: str
    began: float
    ended: float = None


class Witness:
    """Keeps the log of a runtime's runs. A run has ended before its end is sent, or when its gateway is gone."""

    def __init__(self):
        self._lock = threading.Lock()
        self.runs = []
        # (the run that came, those of its session that had not ended).
        self.overlaps = []

    @contextlib.contextmanager
    def run(self, peer):
        payload = peer.request["payload"]
        run = Run(payload["session_id"], payload["prompt"], time.monotonic())
        with self._lock:
            open_ones = [one for one in self.runs if one.session == run.session and one.ended is None]
            if open_ones:
                self.overlaps.append((run, open_ones))
            self.runs.append(run)
        try:
            yield run
        finally:
            self.note_end(run)

    def note_end(self, run):
        with self._lock:
            run.ended = run.ended or time.monotonic()

    def answer_after(self, seconds, chunks=1):
        """A script that says this many chunks over this time, and answers."""

        async def script(peer):
            with self.run(peer) as run:
                for _ in range(chunks):
                    await peer.chunk()
                    await pause(peer, seconds / chunks)
                if peer.socket.closed:
                    return
                self.note_end(run)
                await peer.complete()

        return script

    def count(self, prompt):
        with self._lock:
            return sum(run.prompt == prompt for run in self.runs)

    def prompts_run_twice(self):
        with self._lock:
            counts = collections.Counter(run.prompt for run in self.runs)
        return {prompt: count for prompt, count in counts.items() if count > 1}


async def pause(peer, seconds):
    """Or until the gateway is gone."""
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(peer.socket.wait_closed())), seconds)
