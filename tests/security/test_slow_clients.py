"""A thousand clients that send or read as slowly as they can: others are served, and the slow ones are shed."""

import asyncio
import os
import resource
import time

import pytest
from attackers import PATIENCE_SECONDS
from peers.waiting import wait_until

SLOW_HEADS, SLOW_BODIES, SILENT, SLOW_READERS = 400, 300, 200, 100
TIMEOUT_SECONDS = 2
PAUSE_SECONDS = 0.25
HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /api/v1/invoke HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


@pytest.fixture
def many_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def open_descriptors(gateway):
    return len(os.listdir(f"/proc/{gateway.process.pid}/fd"))


async def trickle(gateway, first, rest):
    """Sends byte by byte until it is told to stop; true if the gateway ended it."""
    reader, writer = await asyncio.open_connection(gateway.host, gateway.port)
    try:
        writer.write(first)
        ended = asyncio.ensure_future(reader.read())
        for byte in rest:
            writer.write(bytes([byte]))
            done, _ = await asyncio.wait([ended], timeout=PAUSE_SECONDS)
            if done:
                break
        done, _ = await asyncio.wait([ended], timeout=PATIENCE_SECONDS)
        if not done:
            ended.cancel()
            return False
        return ended.exception() is not None or ended.result().count(b"HTTP/1.1 ") <= 1
    except ConnectionError:
        return True
    finally:
        writer.close()


async def read_nothing(gateway, stop):
    """Asks for much, and takes nothing of it."""
    reader, writer = await asyncio.open_connection(gateway.host, gateway.port, limit=1024)
    writer.transport.pause_reading()
    writer.write(HEALTH * 500)
    await stop.wait()
    writer.transport.abort()


async def ask_well(gateway, stop):
    """(how many answers, the longest wait for one in seconds)"""
    count, longest = 0, 0.0
    while not stop.is_set() or count < 5:
        started = time.monotonic()
        reader, writer = await asyncio.open_connection(gateway.host, gateway.port)
        writer.write(HEALTH.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        answer = await asyncio.wait_for(reader.read(), PATIENCE_SECONDS)
        assert answer.startswith(b"HTTP/1.1 200"), answer
        writer.close()
        count += 1
        longest = max(longest, time.monotonic() - started)
        await asyncio.sleep(0.05)
    return count, longest


async def attack(gateway):
    stop = asyncio.Event()
    slow = [trickle(gateway, HEALTH[:10], b"a" * 1000) for _ in range(SLOW_HEADS)]
    slow += [trickle(gateway, POST, b"a" * 900) for _ in range(SLOW_BODIES)]
    slow += [trickle(gateway, b"", b"") for _ in range(SILENT)]
    readers = [asyncio.ensure_future(read_nothing(gateway, stop)) for _ in range(SLOW_READERS)]
    good = asyncio.ensure_future(ask_well(gateway, stop))
    shed = await asyncio.gather(*slow)
    stop.set()
    await asyncio.gather(*readers)
    return shed, await good


def test_slow_clients_are_shed_and_others_served(start_gateway, many_descriptors):
    timeouts = {f"{kind}_timeout_ms": TIMEOUT_SECONDS * 1000 for kind in ("header", "body", "idle")}
    gateway = start_gateway(log_level="OFF", max_connections=3000, **timeouts)
    gateway.get("/api/v1/health")
    before = open_descriptors(gateway)
    shed, (answers, longest) = asyncio.run(attack(gateway))
    assert all(shed), f"{shed.count(False)} of {len(shed)} were not shed"
    assert answers >= 5 and longest < PATIENCE_SECONDS
    wait_until(
        lambda: open_descriptors(gateway) <= before, "all descriptors are given back", PATIENCE_SECONDS
    )


def test_the_limit_of_connections_holds_and_is_given_back(start_gateway):
    gateway = start_gateway(log_level="OFF", max_connections=20)
    held = [gateway.raw() for _ in range(60)]
    for client in held:
        client.close()
    wait_until(lambda: gateway.get("/api/v1/health").status == 200, "others are served again")
