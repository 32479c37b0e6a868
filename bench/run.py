#!/usr/bin/python3
"""The benchmark: the gateway beside a client that talks straight to the runtime, in one run on one machine.

Rounds are interleaved (straight, gateway, nginx, straight, …), so that whatever else the machine does hits
all of them alike; tables show medians and spread. Every answer is checked to its end, any error fails the run.
"""

import argparse
import json
import os
import resource
import sys
import tempfile

import dynalite
import tables
from series import CHUNKS, Bench, stream_shape
from servers import BenchError, find_nginx
from store_series import measure_stores

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def numbers(text):
    return [int(part) for part in text.split(",") if part]


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.split("\n")[0])
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="a few invocations each: does everything work?")
    length.add_argument("--long", action="store_true", help="five rounds of ten seconds")
    parser.add_argument("--connections", type=numbers, help="list, default 1,10,100,1000")
    parser.add_argument("--streams", type=numbers, help="list, default 1,100,1000; empty: none")
    parser.add_argument("--kept-streams", type=int, help="streams of the series about keeping, default 100; 0: none")
    parser.add_argument("--open-streams", type=int,
                        help="streams of the series about very many at once, default 10000; 0: none")
    parser.add_argument("--store-connections", type=numbers,
                        help="list for the series about stores, default 1,10; empty: none")
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
        "kept_streams": 0 if options.only else 10 if options.quick else 100,
        "open_streams": 0 if options.only else 30 if options.quick else 10_000,
        "store_connections": [] if options.only else [2] if options.quick else [1, 10],
        "rounds": 1 if single else 5 if options.long else 3,
        "seconds": 10.0 if options.long else 20.0 if options.only else 3.0,
    }
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if not dynalite.is_installed():
        options.store_connections = []
    return options


def stream_pace(options):
    paces = [(streams, stream_shape(options, streams)[0]) for streams in options.streams]
    return "a chunk each " + ", ".join(f"{delay_ms} ms at {streams:,}" for streams, delay_ms in paces)


def report(options, throughput, streaming, keeping, open_streams, stores):
    print(f"Machine: {tables.machine(options.build)}")
    print(f"Command: ./dev bench {' '.join(sys.argv[1:])}".rstrip())
    if not options.nginx and options.only is None:
        print("nginx: not installed, left out")
    if not dynalite.is_installed() and options.only is None:
        print("dynalite: not installed (./dev setup test), left out")
    if throughput:
        print(f"\nWhole answers: {CHUNKS} chunks of 300 B, then 4 KB, no delay. Median and spread of rounds: "
              f"{options.rounds}.\nCPU and memory are those of the server process alone; of 'straight', "
              "the runtime's.\n")
        print(tables.render(*tables.throughput_rows(throughput), options.markdown))
    if streaming:
        print(f"\nStreams: {stream_pace(options)}. Delay from the runtime's send to the client's read.\n")
        print(tables.render(*tables.streaming_rows(streaming), options.markdown))
    if keeping:
        print(f"\nKeeping what is streamed (keep_streams): streams of {CHUNKS} chunks, no delay.\n")
        print(tables.render(*tables.keeping_rows(keeping), options.markdown))
    if open_streams:
        print("\nStreams open all at once, each its own invocation as far as descriptors allow, all kept. Without and "
              "with one beside them\nwhose answer is long and whose reader takes 1 KB a second.\n")
        print(tables.render(*tables.open_rows(open_streams), options.markdown))
    if stores:
        print(f"\nStores: whole answers of {CHUNKS} chunks of 300 B, then 4 KB, no delay, kept in SQLite or in "
              "DynamoDB\n(dynalite: one thread, on this machine). CPU is that of the gateway alone; dynalite's "
              "stands beside it.\n")
        print(tables.render(*tables.store_rows(stores), options.markdown))


def main():
    options = parse_arguments()
    # For every program that is started here: thousands of connections need thousands of descriptors.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory(prefix="skymarshal-bench-", dir=options.folder) as folder:
        bench = Bench(options, folder)
        try:
            throughput = bench.throughput() if options.connections else {}
            streaming = bench.streaming()
            keeping = bench.keeping() if options.kept_streams else {}
            open_streams = bench.open_streams() if options.open_streams else {}
            stores = measure_stores(bench) if options.store_connections else {}
        except BenchError as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
    report(options, throughput, streaming, keeping, open_streams, stores)
    if options.json:
        rounds = [{"series": series, "at_a_time": count, "way": way, "rounds": results}
                  for series, table in (("buffered", throughput), ("streaming", streaming), ("keeping", keeping),
                                        ("open streams", open_streams))
                  for (count, way), results in table.items()]
        rounds += [{"series": "stores", "at_a_time": count, "session": session, "way": way, "rounds": results}
                   for (count, session, way), results in stores.items()]
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(rounds, file, indent=1)
    for problem in bench.problems:
        print(f"bench: {problem}", file=sys.stderr)
    return 1 if bench.problems else 0


if __name__ == "__main__":
    sys.exit(main())
