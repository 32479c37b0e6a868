"""What is measured: the series of the benchmark, each with servers of its own. Every answer is checked to its end,
and what went wrong anywhere is in Bench.problems."""

import json
import os
import subprocess
import sys

import process_usage
from open_streams import SlowReader, begin_invocations, invocations_for
from servers import BenchError, Gateway, Nginx, RuntimeStub, ping

CHUNKS = 8
# As many as there are streams, and some over.
MANY = {
    "SKYMARSHAL_MAX_CONNECTIONS": "20000",
    "SKYMARSHAL_MAX_CONCURRENT_INVOCATIONS": "20000",
    "LOG_LEVEL": "WARNING",
}


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def stream_shape(options, streams):
    """Milliseconds between chunks, and chunks a stream."""
    if options.quick:
        return 5, 10
    # The same 5,000 chunks a second at 100 and at 1,000 streams.
    return (200, 20) if streams > 500 else (20, 50)


class Target:
    """A way to the runtime: which mode and port the client uses, and which process pays for it."""

    def __init__(self, name, server, modes):
        self.name = name
        self.server = server
        self.buffered_mode, self.stream_mode = modes


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.problems = []
        self._started = 0

    def binary(self, *parts):
        return os.path.join(self.options.build, *parts)

    # Servers

    def start_targets(self, stack, stub_options=()):
        """A stub and what stands before it, all fresh; the caller's `stack` ends them, the stub last."""
        stub = self.start_stub(stack, stub_options)
        targets = []
        if self.options.only in (None, "straight"):
            targets.append(Target("straight", stub, ("ws", "ws-stream")))
        if self.options.only in (None, "gateway"):
            targets.append(self.start_gateway(stack, stub, "gateway"))
        nginx = self.options.nginx
        if self.options.only in (None, "nginx") and nginx:
            passed = stack.push(Nginx(nginx, self.folder, stub, self.fresh_name("nginx")))
            targets.append(Target("nginx", passed, ("ws", "ws-stream")))
        if not targets:
            raise BenchError(f"{self.options.only} is not installed")
        for target in targets:
            say(f"{target.name} is process {target.server.pids()[0]}")
        return stub, targets

    def fresh_name(self, kind):
        self._started += 1
        return f"{kind}{self._started}"

    def start_stub(self, stack, options):
        stub = RuntimeStub(self.binary("bench", "runtime_stub"), self.folder, self.fresh_name("stub"), options)
        stack.push(stub)
        if ping(stub) != {"status": "Healthy"}:
            raise BenchError("the runtime stub is not healthy")
        return stub

    def start_gateway(self, stack, stub, name, settings=None):
        binary = self.options.server or self.binary("skymarshal")
        gateway = stack.push(Gateway(binary, self.folder, stub, self.fresh_name("gateway"), settings))
        return Target(name, gateway, ("http", "sse"))

    # One measurement

    def client_command(self, target, mode, connections, arguments, timeout_seconds):
        return [
            self.binary("bench", "load_client"), mode, "--port", str(target.server.port),
            "--connections", str(connections), "--expect-stub-answer", "--json", "--tolerate",
            "--timeout", str(timeout_seconds), *arguments,
        ]

    def measure(self, target, mode, connections, arguments, when_streaming=None, timeout_seconds=60):
        """Runs the client once; what the server process paid is put beside what the client saw."""
        pids = target.server.pids()
        process_usage.reset_peak(pids)
        cpu_before = process_usage.cpu_us(pids)
        command = self.client_command(target, mode, connections, arguments, timeout_seconds)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
            seen = when_streaming(client) if when_streaming else ""
            output, errors = client.communicate()
        if client.returncode != 0:
            raise BenchError(f"load client failed on {target.name}: {seen}{errors}")
        result = json.loads(output)
        server_cpu = process_usage.cpu_us(pids) - cpu_before
        result["server_cpu_us"] = server_cpu / max(result["invocations_total"], 1)
        result["server_peak_kb"] = process_usage.peak_kb(pids)
        if result["errors"]:
            self.problems.append(f"{target.name}, {mode}, {connections} connections: {result['errors']}; "
                                 f"first: {result['first_error']}")
        return result

    def end(self, stack, stub, invocations):
        """Ends the servers and checks what the stub has seen: each invocation ran exactly once."""
        for server in stack.pop_all():
            status = server.stop()
            if status != 0:
                self.problems.append(f"{server.name} ended with exit status {status}")
        counts = stub.counts()
        if counts["invocations"] != invocations:
            self.problems.append(f"{invocations} invocations were made, "
                                 f"the runtime has run {counts['invocations']}")
        if counts["unclean_ends"]:
            self.problems.append(f"{counts['unclean_ends']} WebSockets ended without a close handshake")

    # The series

    def throughput(self):
        options = self.options
        results = {}
        made = 0
        with ServerStack() as stack:
            stub, targets = self.start_targets(stack)
            for connections in options.connections:
                for _ in range(options.rounds):
                    for target in targets:
                        say(f"{target.name}, {connections} connections")
                        result = self.measure(target, target.buffered_mode, connections,
                                              self.length(connections, target))
                        made += result["invocations_total"]
                        results.setdefault((connections, target.name), []).append(result)
            self.end(stack, stub, made)
        return results

    def length(self, connections, target):
        chunks = ["--expect-chunks", str(CHUNKS)] if target.buffered_mode == "ws" else []
        warmup = ["--warmup", str(connections)]
        if self.options.quick:
            return [*chunks, *warmup, "--invocations", str(connections * 5)]
        return [*chunks, *warmup, "--seconds", str(self.options.seconds)]

    def streaming(self):
        results = {}
        for streams in self.options.streams:
            self.stream_series(streams, results)
        return results

    def stream_series(self, streams, results):
        """A fresh gateway for each number of streams: its memory is not yet swollen by the one before."""
        delay_ms, chunks = stream_shape(self.options, streams)
        made = 0
        stub_options = ["--stamp", "--delay-ms", str(delay_ms), "--chunks", str(chunks)]
        expected = ["--expect-chunks", str(chunks)]
        with ServerStack() as stack:
            stub, targets = self.start_targets(stack, stub_options)
            for target in targets:
                warm = self.measure(target, target.stream_mode, 2, [*expected, "--invocations", "4"])
                made += warm["invocations_total"]
            length = ["--invocations", str(streams)] if self.options.quick else \
                ["--seconds", str(self.options.seconds)]
            for _ in range(self.options.rounds):
                for target in targets:
                    say(f"{target.name}, {streams} streams")
                    memory = OpenStreamMemory(target, streams)
                    result = self.measure(target, target.stream_mode, streams, [*expected, *length],
                                          memory.watch)
                    result["kb_per_stream"] = memory.kb_per_stream()
                    made += result["invocations_total"]
                    results.setdefault((streams, target.name), []).append(result)
            self.end(stack, stub, made)

    def keeping(self):
        """What it costs to write down what is streamed: the same streams with it and without."""
        results = {}
        made = 0
        streams = self.options.kept_streams
        expected = ["--expect-chunks", str(CHUNKS), "--warmup", str(streams)]
        length = ["--invocations", str(streams * 5)] if self.options.quick else \
            ["--seconds", str(self.options.seconds)]
        with ServerStack() as stack:
            stub = self.start_stub(stack, ())
            targets = [self.start_gateway(stack, stub, name, {"SKYMARSHAL_KEEP_STREAMS": kept})
                       for name, kept in (("not kept", "false"), ("kept", "true"))]
            for _ in range(self.options.rounds):
                for target in targets:
                    say(f"{target.name}, {streams} streams")
                    result = self.measure(target, "sse", streams, [*expected, *length])
                    made += result["invocations_total"]
                    results.setdefault((streams, target.name), []).append(result)
            self.end(stack, stub, made)
        return results

    def open_streams(self):
        """Very many streams at once, without and with one among them whose reader is slow."""
        results = {}
        readers = self.options.open_streams
        for _ in range(self.options.rounds):
            for name, is_slow in (("alone", False), ("beside a slow one", True)):
                say(f"{readers:,} streams open at once, {name}")
                results.setdefault((readers, name), []).append(self.open_streams_round(readers, is_slow))
        return results

    def open_streams_round(self, readers, beside_a_slow_one):
        delay_ms, chunks = (20, 10) if self.options.quick else (4_000, 15)
        stub_options = ["--stamp", "--delay-ms", str(delay_ms), "--chunks", str(chunks)]
        with ServerStack() as stack:
            stub = self.start_stub(stack, stub_options)
            target = self.start_gateway(stack, stub, "gateway", MANY)
            memory = OpenStreamMemory(target, readers)
            paths = begin_invocations(target.server.port, invocations_for(readers))
            file = os.path.join(self.folder, self.fresh_name("paths"))
            with open(file, "w", encoding="ascii") as out:
                out.write("\n".join(paths))
            # The first one's answer is long.
            slow = SlowReader(target.server.port, paths[0]) if beside_a_slow_one else None
            result = self.measure(target, "events", readers,
                                  ["--expect-chunks", str(chunks), "--paths", file], memory.watch,
                                  timeout_seconds=200)
            result["kb_per_stream"] = memory.kb_per_stream()
            if not memory.saw_all_open() and not self.options.quick:
                self.problems.append(f"{readers} streams were never open all at once")
            if slow:
                self.problems += slow.finish(chunks)
            self.end(stack, stub, len(paths))
        return result


class OpenStreamMemory:
    """What one open stream costs: resident memory with all of them open, less what it was before."""

    def __init__(self, target, streams):
        self._pids = target.server.pids()
        # Of a few streams the page granularity would be all one sees; straight has no process in between.
        self._wanted = streams >= 100 and target.name != "straight"
        self._streams = streams
        self._before_kb = process_usage.resident_kb(self._pids)
        self._open_kb = None

    def watch(self, client):
        """Blocks until every stream has had a chunk, or the client says something else, which is returned."""
        line = client.stderr.readline()
        if line == "all streaming\n":
            self._open_kb = process_usage.resident_kb(self._pids)
        return line

    def saw_all_open(self):
        return self._open_kb is not None

    def kb_per_stream(self):
        if not self._wanted or self._open_kb is None:
            return None
        return (self._open_kb - self._before_kb) / self._streams


class ServerStack:
    """Ends what was started, newest first, whatever happens."""

    def __init__(self):
        self._servers = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.pop_all():
            server.stop()

    def push(self, server):
        self._servers.append(server.__enter__())
        return server

    def pop_all(self):
        servers, self._servers = self._servers[::-1], []
        return servers


