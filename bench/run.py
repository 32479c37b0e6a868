#!/usr/bin/python3
"""The benchmark: the gateway beside a client that talks straight to the runtime, in one run on one machine.

Rounds are interleaved (straight, gateway, nginx, straight, …), so that whatever else the machine does hits
all of them alike; tables show medians and spread. Every answer is checked to its end, any error fails the run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import process_usage
import tables
from servers import BenchError, Gateway, Nginx, RuntimeStub, find_nginx, ping

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHUNKS = 8


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
        self._started += 1
        number = self._started
        stub = RuntimeStub(self.binary("bench", "runtime_stub"), self.folder, f"stub{number}", stub_options)
        stack.push(stub)
        if ping(stub) != {"status": "Healthy"}:
            raise BenchError("the runtime stub is not healthy")
        targets = []
        if self.options.only in (None, "straight"):
            targets.append(Target("straight", stub, ("ws", "ws-stream")))
        if self.options.only in (None, "gateway"):
            binary = self.options.server or self.binary("skymarshal")
            gateway = stack.push(Gateway(binary, self.folder, stub, f"gateway{number}"))
            targets.append(Target("gateway", gateway, ("http", "sse")))
        nginx = self.options.nginx
        if self.options.only in (None, "nginx") and nginx:
            passed = stack.push(Nginx(nginx, self.folder, stub, f"nginx{number}"))
            targets.append(Target("nginx", passed, ("ws", "ws-stream")))
        if not targets:
            raise BenchError(f"{self.options.only} is not installed")
        for target in targets:
            say(f"{target.name} is process {target.server.pids()[0]}")
        return stub, targets

    # One measurement

    def client_command(self, target, mode, connections, arguments):
        return [
            self.binary("bench", "load_client"), mode, "--port", str(target.server.port),
            "--connections", str(connections), "--expect-stub-answer", "--json", "--tolerate",
            "--timeout", "60", *arguments,
        ]

    def measure(self, target, mode, connections, arguments, when_streaming=None):
        """Runs the client once; what the server process paid is put beside what the client saw."""
        pids = target.server.pids()
        process_usage.reset_peak(pids)
        cpu_before = process_usage.cpu_us(pids)
        command = self.client_command(target, mode, connections, arguments)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
            if when_streaming:
                when_streaming(client)
            output, errors = client.communicate()
        if client.returncode != 0:
            raise BenchError(f"load client failed on {target.name}: {errors}")
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

    # The two series

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
        """Blocks until every stream has had a chunk; a client that ends before says so by its end."""
        if client.stderr.readline() == "all streaming\n":
            self._open_kb = process_usage.resident_kb(self._pids)

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


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def numbers(text):
    return [int(part) for part in text.split(",") if part]


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.split("\n")[0])
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="a few invocations each: does everything work?")
    length.add_argument("--long", action="store_true", help="five rounds of ten seconds")
    parser.add_argument("--connections", type=numbers, help="list, default 1,10,100,1000")
    parser.add_argument("--streams", type=numbers, help="list, default 1,100,1000; empty: none")
    parser.add_argument("--rounds", type=int, help="default 3")
    parser.add_argument("--seconds", type=float, help="of each measurement, default 3")
    parser.add_argument("--only", choices=["straight", "gateway", "nginx"],
                        help="one way, one round, no streams: for a profiler")
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    parser.add_argument("--json", metavar="FILE", help="write every single result there")
    parser.add_argument("--build", default=os.path.join(PROJECT, "build", "release"),
                        help="folder with skymarshal and bench/")
    parser.add_argument("--server", help="another skymarshal binary")
    parser.add_argument("--nginx", default=find_nginx(), help="another nginx binary")
    parser.add_argument("--folder", help="where the database goes, default: the system's temporary folder")
    return complete(parser.parse_args())


def complete(options):
    """Fills in what was not said."""
    single = options.quick or options.only
    defaults = {
        "connections": [1, 10, 50] if options.quick else [100] if options.only else [1, 10, 100, 1000],
        "streams": [1, 20] if options.quick else [] if options.only else [1, 100, 1000],
        "rounds": 1 if single else 5 if options.long else 3,
        "seconds": 10.0 if options.long else 20.0 if options.only else 3.0,
    }
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def stream_shape(options, streams):
    """Milliseconds between chunks, and chunks a stream."""
    if options.quick:
        return 5, 10
    # The same 5,000 chunks a second at 100 and at 1,000 streams.
    return (200, 20) if streams > 500 else (20, 50)


def stream_pace(options):
    paces = [(streams, stream_shape(options, streams)[0]) for streams in options.streams]
    return "a chunk each " + ", ".join(f"{delay_ms} ms at {streams:,}" for streams, delay_ms in paces)


def report(options, throughput, streaming):
    print(f"Machine: {tables.machine(options.build)}")
    print(f"Command: ./dev bench {' '.join(sys.argv[1:])}".rstrip())
    if not options.nginx and options.only is None:
        print("nginx: not installed, left out")
    if throughput:
        print(f"\nWhole answers: {CHUNKS} chunks of 300 B, then 4 KB, no delay. Median and spread of rounds: "
              f"{options.rounds}.\nCPU and memory are those of the server process alone; of 'straight', "
              "the runtime's.\n")
        print(tables.render(*tables.throughput_rows(throughput), options.markdown))
    if streaming:
        print(f"\nStreams: {stream_pace(options)}. Delay from the runtime's send to the client's read.\n")
        print(tables.render(*tables.streaming_rows(streaming), options.markdown))


def main():
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="skymarshal-bench-", dir=options.folder) as folder:
        bench = Bench(options, folder)
        try:
            throughput = bench.throughput() if options.connections else {}
            streaming = bench.streaming()
        except BenchError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    report(options, throughput, streaming)
    if options.json:
        rounds = [{"series": series, "at_a_time": count, "way": way, "rounds": results}
                  for series, table in (("buffered", throughput), ("streaming", streaming))
                  for (count, way), results in table.items()]
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(rounds, file, indent=1)
    for problem in bench.problems:
        print(f"bench: {problem}", file=sys.stderr)
    return 1 if bench.problems else 0


if __name__ == "__main__":
    sys.exit(main())
