#!/usr/bin/python3
"""Counts what an invocation costs in DynamoDB, mode by mode: requests, read and write units, USD a million.

Gateways with their embedded agents keep everything in dynalite; a proxy between them counts what DynamoDB would
charge by AWS's rules. Each mode is measured several times by itself, with nothing in the background; what a
gateway does in the background is counted last.
"""

import argparse
import collections
import contextlib
import datetime
import http.client
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
import uuid

import tables
from counting_proxy import CountingProxy
from dynalite import Dynalite, gateway_settings
from servers import BenchError, Server

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROMPT = ("Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, 3 hours delay, "
          "286 passengers, 51 connecting")
# On demand, us-east-1, standard tables, USD a million units: docs/aws.md says where they were read, and when.
USD_A_MILLION_WRITES = 0.625
USD_A_MILLION_READS = 0.125
# Longer than any measurement: nothing happens in the background.
NEVER_MS = "3600000"
HOURS_OF_A_MONTH = 730
NO_MAPS = {"SKYMARSHAL_DYNAMODB_READABLE_BYTES_MAX": "0"}
SAMPLE_DAY = {"SKYMARSHAL_OPS_DATABASE": "sample"}
ANSWERS = {
    "prompt alone, readable maps": {},
    "prompt alone, no maps": NO_MAPS,
    "sample day, readable maps": SAMPLE_DAY,
    "sample day, no maps": SAMPLE_DAY | NO_MAPS,
}
PATIENCE_SECONDS = 60
# After an end was told, until what may follow has been written.
SETTLING_SECONDS = 0.4


class CountedGateway(Server):
    def __init__(self, binary, folder, proxy, name, settings):
        environment = {**os.environ, **gateway_settings(proxy.port, folder, name), "SKYMARSHAL_AUTH": "none",
                       "SKYMARSHAL_DATABASE": os.path.join(folder, f"{name}.sqlite"),
                       "SKYMARSHAL_DYNAMODB_TIMEOUT_MS": "20000", "LOG_LEVEL": "WARNING", **settings}
        super().__init__(name, [binary, "serve", "--listen", "127.0.0.1:0"], folder, environment)
        self.meter = proxy.meter

    def find_port(self):
        found = re.search(r"^skymarshal: listening on http://[^\s/]*:(\d+)", self.output(), re.MULTILINE)
        return int(found[1]) if found else 0

    def errors(self):
        with open(self._errors, encoding="utf-8", errors="replace") as file:
            return file.read()


def call(gateway, method, path, question=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE_SECONDS)
    try:
        body = json.dumps(question) if question else None
        connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status not in (200, 202):
            raise BenchError(f"{method} {path}: {answer.status} {text[:300]}")
        if answer.getheader("X-Session-Persisted", "true").startswith("false"):
            raise BenchError(f"{method} {path}: not saved")
        return text
    finally:
        connection.close()


def ask(gateway, question=None, headers=None):
    return call(gateway, "POST", "/api/v1/invoke", {"prompt": PROMPT, **(question or {})}, headers)


class Reading:
    """What a meter has counted; of it, one in so many."""

    def __init__(self, meter, one_in=1.0):
        self.calls = list(meter.charges)
        self.partitions = dict(meter.partitions)
        self.numbers = (len(self.calls) / one_in, sum(one.reads for one in self.calls) / one_in,
                        sum(one.writes for one in self.calls) / one_in)


class Sample:
    """What one thing cost, measured several times: the median; where nothing depends on time they are all one."""

    def __init__(self, readings):
        numbers = [reading.numbers for reading in readings]
        self.requests, self.reads, self.writes = (statistics.median(column) for column in zip(*numbers))
        self.varies = len(set(numbers)) > 1
        self.calls = readings[-1].calls
        self.partitions = readings[-1].partitions

    def usd(self, times):
        return times * (self.writes * USD_A_MILLION_WRITES + self.reads * USD_A_MILLION_READS) / 1e6


def measured(gateway, action, times):
    readings = []
    for _ in range(times):
        gateway.meter.reset()
        action()
        time.sleep(SETTLING_SECONDS)
        readings.append(Reading(gateway.meter))
    return Sample(readings)


# The modes


def plain(gateway, times):
    return measured(gateway, lambda: ask(gateway), times)


def first_turn(gateway, times):
    return measured(gateway, lambda: ask(gateway, {"session_id": str(uuid.uuid4())}), times)


def later_turn(gateway, times):
    session = {"session_id": str(uuid.uuid4())}
    ask(gateway, session)
    return measured(gateway, lambda: ask(gateway, session), times)


def streamed(gateway, times):
    def stream():
        text = ask(gateway, {"streaming": True})
        chunks = text.count('"type":"chunk"')
        if chunks != 14 or '"type":"complete"' not in text:
            raise BenchError(f"a stream of {chunks} chunks")

    return measured(gateway, stream, times)


def asynchronous(gateway, times):
    """With a key; its state is asked for once a second until it has ended, at the same gateway."""
    def begin_and_wait():
        headers = {"Prefer": "respond-async", "Idempotency-Key": str(uuid.uuid4())}
        accepted = json.loads(ask(gateway, headers=headers))
        await_end(gateway, accepted["status_url"])

    return measured(gateway, begin_and_wait, times)


def await_end(gateway, path):
    for _ in range(PATIENCE_SECONDS):
        state = json.loads(call(gateway, "GET", path))
        if state["status"] not in ("queued", "running"):
            return
        time.sleep(1)
    raise BenchError(f"{path} does not end")


def polled_elsewhere(gateway, other, times):
    """One look at another gateway at an invocation that runs."""
    accepted = json.loads(ask(gateway, headers={"Prefer": "respond-async"}))
    sample = measured(other, lambda: call(other, "GET", accepted["status_url"]), times)
    await_end(gateway, accepted["status_url"])
    return sample


def followed_elsewhere(gateway, other, seconds):
    """A reader of the events at another gateway while the invocation runs: one of the looks at the store that are
    made for it."""
    accepted = json.loads(ask(gateway, headers={"Prefer": "respond-async"}))
    reader = threading.Thread(target=call, args=(other, "GET", accepted["events_url"]), daemon=True)
    reader.start()
    time.sleep(1)
    other.meter.reset()
    time.sleep(seconds)
    looked = [i for i, charge in enumerate(other.meter.charges) if charge.what == "invocation's head"]
    # Whole ones only.
    other.meter.charges = other.meter.charges[looked[0]:looked[-1]]
    reading = Reading(other.meter, len(looked) - 1)
    await_end(gateway, accepted["status_url"])
    reader.join(PATIENCE_SECONDS)
    return Sample([reading])


def in_the_background(gateway, seconds):
    """An hour of a gateway that has nothing to do, from `seconds` of it between two of its rounds."""
    def renewals():
        return sum(charge[:2] == ("PutItem", "gateways") for charge in gateway.meter.charges)

    gateway.meter.reset()
    while renewals() == 0:
        time.sleep(0.05)
    time.sleep(2.5)
    gateway.meter.reset()
    time.sleep(seconds)
    return Sample([Reading(gateway.meter, seconds / 3600)])


class Costs:
    """Starts what it needs and measures; the caller's `stack` ends it all."""

    def __init__(self, options, folder, stack):
        self.options = options
        self._folder = folder
        self._stack = stack
        self._dynalite = stack.enter_context(Dynalite(folder))
        self._lock = threading.Lock()
        self._gateways = []

    def gateway(self, **settings):
        proxy = self._stack.enter_context(CountingProxy(self._dynalite.port, self._lock))
        name = f"gateway{len(self._gateways) + 1}"
        gateway = CountedGateway(self.options.server, self._folder, proxy, name, settings)
        self._gateways.append(gateway)
        return self._stack.enter_context(gateway)

    def quiet(self, **settings):
        """One that does nothing by itself, once what it does at its start is done."""
        gateway = self.gateway(SKYMARSHAL_LEASE_MS=NEVER_MS, SKYMARSHAL_PROBE_INTERVAL_MS=NEVER_MS, **settings)
        counted = -1
        while counted != len(gateway.meter.charges):
            counted = len(gateway.meter.charges)
            time.sleep(SETTLING_SECONDS)
        return gateway

    def of_answers(self, **settings):
        """{mode: Sample} of one kind of answer; and how long that answer is."""
        quick = self.quiet(**settings)
        times, slow_times = self.options.times, self.options.slow_times
        samples = {
            "plain, no session named": plain(quick, times),
            "plain, first turn of a named session": first_turn(quick, times),
            "plain, later turn of a named session": later_turn(quick, times),
            "streamed and kept, 14 chunks within 200 ms": streamed(quick, times),
            "asynchronous with a key, 14 chunks within 200 ms": asynchronous(quick, times),
        }
        if not self.options.quick:
            slow = self.quiet(SKYMARSHAL_AGENT_CHUNK_DELAY_MS="400", **settings)
            samples |= {
                "streamed and kept, 14 chunks, one each 400 ms": streamed(slow, slow_times),
                "asynchronous with a key, 14 chunks, one each 400 ms": asynchronous(slow, slow_times),
            }
        return samples, len(ask(quick))

    def of_company(self):
        """{what: Sample} of what a second gateway reads of what the first one runs."""
        options = self.options
        slow, other = self.quiet(SKYMARSHAL_AGENT_CHUNK_DELAY_MS="1000"), self.quiet()
        return {
            "its state asked for, while it runs": polled_elsewhere(slow, other, options.times),
            "its events read there, each look, every 250 ms": followed_elsewhere(slow, other, options.follow_seconds),
        }

    def of_an_hour(self):
        """{what: Sample} of a gateway that has nothing to do, with its own settings."""
        return {"an hour of a gateway without work": in_the_background(self.gateway(), self.options.idle_seconds)}

    def problems(self):
        found = []
        for gateway in self._gateways:
            found += sorted(set(gateway.meter.disagreements))
            if gateway.errors():
                found.append(f"{gateway.name} has complained: {gateway.errors()[:500]}")
        return found


def rows_of(samples, times):
    header = ["mode", "requests", "read units", "write units", f"USD for {times:,}"]
    rows = []
    for mode, one in samples.items():
        numbers = [shown(number) for number in (one.requests, one.reads, one.writes)]
        rows.append([mode + ("*" if one.varies else ""), *numbers, f"{one.usd(times):,.2f}"])
    return header, rows


def partition_rows(samples):
    """Write units of each mode that fall into one partition, of those that others share."""
    places = {"skymarshal-sessions": "session's", "user-sessions-index": "principal's, sessions",
              "owner-invocations-index": "principal's, invocations", "open-invocations-index": "gateway's",
              "skymarshal-invocations": "invocation's"}
    rows = []
    for mode, sample in samples.items():
        units = collections.Counter()
        for (where, whose), written in sample.partitions.items():
            if not whose.startswith("claim#"):
                units[where] += written
        rows.append([mode, *(shown(units[where]) if units[where] else "" for where in places)])
    return ["mode", *places.values()], rows


def shown(number):
    return f"{number:,.1f}".removesuffix(".0")


def show_calls(samples):
    for mode, sample in samples.items():
        print(f"\n{mode}:")
        grouped = collections.Counter(sample.calls)
        for charge, count in grouped.items():
            refused = ", refused" if charge.refused else ""
            print(f"  {count} × {charge.operation}, {charge.what}: "
                  f"{charge.reads:g} read, {charge.writes:g} written{refused}")
        for (where, whose), units in sorted(sample.partitions.items()):
            print(f"    {units:g} written in {where}, {whose[:50]}")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench/dynamodb_costs.py", description=__doc__.split("\n")[0])
    parser.add_argument("--server", default=os.path.join(PROJECT, "build", "release", "skymarshal"),
                        help="skymarshal binary")
    parser.add_argument("--quick", action="store_true",
                        help="one kind of answer, each of its modes once: does it all add up?")
    parser.add_argument("--times", type=int, default=5, help="how often each mode is measured, default 5")
    parser.add_argument("--slow-times", type=int, default=2,
                        help="the same of those that take seconds, default 2")
    parser.add_argument("--follow-seconds", type=float, default=6, help="default 6")
    parser.add_argument("--idle-seconds", type=float, default=60,
                        help="of a gateway without work, default 60; multiple of 20")
    parser.add_argument("--calls", action="store_true",
                        help="also every request, and what each partition takes")
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    options = parser.parse_args()
    if options.quick:
        options.times = 1
    return options


def sections_of(costs):
    """[(title, {what: Sample}, how many make the price)]."""
    sections = []
    for name, settings in list(ANSWERS.items())[: 1 if costs.options.quick else None]:
        print(f"  {name}", file=sys.stderr)
        samples, size = costs.of_answers(**settings)
        sections.append((f"Answers of {size / 1024:,.1f} KB ({name})", samples, 1_000_000))
    if costs.options.quick:
        return sections
    print("  two gateways, and one without work", file=sys.stderr)
    sections.append(("Another gateway's invocation", costs.of_company(), 1_000_000))
    sections.append(("In the background", costs.of_an_hour(), HOURS_OF_A_MONTH))
    return sections


def main():
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="skymarshal-costs-") as folder, contextlib.ExitStack() as stack:
        try:
            costs = Costs(options, folder, stack)
            sections = sections_of(costs)
        except BenchError as error:
            print(f"dynamodb_costs: {error}", file=sys.stderr)
            return 1
        problems = costs.problems()
    print(f"Counted on {datetime.date.today().isoformat()}. USD {USD_A_MILLION_WRITES} a million write request "
          f"units, USD {USD_A_MILLION_READS} a million read request units.\n*: not the same each time; the median.")
    for title, samples, times in sections:
        print(f"\n{title}\n")
        print(tables.render(*rows_of(samples, times), options.markdown))
        if any(sample.partitions for sample in samples.values()) and times != HOURS_OF_A_MONTH:
            print("\nOf the write units, those of one partition:\n")
            print(tables.render(*partition_rows(samples), options.markdown))
        if options.calls:
            show_calls(samples)
    for problem in problems:
        print(f"dynamodb_costs: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
