"""The series about stores: an invocation kept in SQLite beside one kept in DynamoDB, in turn, with a session named
and without. Dynalite stands for DynamoDB on the same machine: what it pays is measured beside what the gateway
pays."""

import process_usage
from dynalite import Dynalite, gateway_settings
from series import ServerStack, say
from servers import BenchError
from tables import median
from turns import Turns

WAYS = ("SQLite", "DynamoDB")
SESSIONS = ((False, "none named"), (True, "one a connection"))


def measure_stores(bench):
    """{(connections, session, way): [a dict for each round]}."""
    options = bench.options
    results = {}
    made = 0
    with ServerStack() as stack:
        stub = bench.start_stub(stack, ())
        peer = stack.push(Dynalite(bench.folder, bench.fresh_name("dynalite")))
        settings = {"SQLite": None, "DynamoDB": gateway_settings(peer.port, bench.folder, "stores")}
        targets = [bench.start_gateway(stack, stub, way, settings[way]) for way in WAYS]
        for connections in options.store_connections:
            for in_session, session in SESSIONS:
                for _ in range(options.rounds):
                    for target in targets:
                        say(f"{target.name}, {connections} connections, session: {session}")
                        result = measure(bench, target, peer, connections, in_session)
                        made += result["invocations_total"]
                        results.setdefault((connections, session, target.name), []).append(result)
        bench.end(stack, stub, made)
    return results


def measure(bench, target, peer, connections, in_session):
    options = bench.options
    pids = target.server.pids()
    warmup_each = 2 if options.quick else 20
    turns = Turns(target.server.port, connections, in_session)
    try:
        # Also makes the sessions: what is measured are later turns of each.
        turns.warm(warmup_each)
        cpu_before, peer_before = process_usage.cpu_us(pids), process_usage.cpu_us(peer.pids())
        times, seconds = turns.run(options.seconds, 5 * connections if options.quick else 0)
        cpu_us = process_usage.cpu_us(pids) - cpu_before
        peer_us = process_usage.cpu_us(peer.pids()) - peer_before
    except OSError as error:
        raise BenchError(f"{target.name}: {error}") from error
    finally:
        turns.close()
    if turns.faults:
        bench.problems.append(f"{target.name}, {connections} connections: {turns.faults} faults; "
                              f"first: {turns.first_fault}")
    ordered = sorted(times)
    return {
        "invocations_total": len(times) + warmup_each * connections,
        "invocations_per_second": len(times) / seconds,
        "p50_ms": 1000 * median(ordered),
        "p99_ms": 1000 * ordered[(99 * len(ordered) - 1) // 100],
        "server_cpu_us": cpu_us / len(times),
        "peer_cpu_us": peer_us / len(times),
        "peer_busy": peer_us / 1e6 / seconds,
        "errors": {"fault": turns.faults} if turns.faults else {},
    }
