"""Readers whose connection breaks, again and again, end with exactly the journal."""

import http.client
import json
import random
import subprocess
import urllib.parse

import pytest
from peers.cutting_proxy import CuttingProxy
from peers.node import FOLDER

CHUNKS = 200
PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"


async def speak(peer):
    for number in range(CHUNKS):
        await peer.chunk("network", number=number)
    await peer.complete()


@pytest.fixture
def cut():
    """cut(gateway, seed, times): a proxy in front of it that breaks so many connections."""
    proxies = []

    def start(gateway, seed, times=20, **options):
        chance = random.Random(seed)
        limits = [chance.randrange(1, 3000) for _ in range(times)]
        proxies.append(CuttingProxy(gateway.port, limits, **options))
        return proxies[-1]

    yield start
    for proxy in proxies:
        proxy.close()


def begin(gateway):
    accepted = gateway.request("POST", "/api/v1/invoke", {"prompt": PROMPT}, {"Prefer": "respond-async"})
    assert accepted.status == 202
    return accepted.json()["events_url"]


def lines_of(response):
    """Lines as they come, until the stream ends or breaks; one that was cut is none."""
    try:
        while line := response.readline():
            if line.endswith(b"\n"):
                yield line.decode().rstrip("\n")
    except (OSError, http.client.HTTPException):
        return


def read_by_lines(url, path):
    """What many a script does: `id:` and `data:` lines, and a new request with Last-Event-ID."""
    address = urllib.parse.urlsplit(url)
    events, last_id, requests = [], None, 0
    while not events or events[-1]["type"] not in ("complete", "error"):
        requests += 1
        assert requests < 50, "it never ends"
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=20)
        try:
            connection.request("GET", path, headers={} if last_id is None else {"Last-Event-ID": last_id})
            response = connection.getresponse()
            assert response.status == 200
            seen_id = data = None
            for line in lines_of(response):
                if line.startswith("id: "):
                    seen_id = line.removeprefix("id: ")
                elif line.startswith("data: "):
                    data = line.removeprefix("data: ")
                elif not line and data is not None:
                    events.append(json.loads(data))
                    last_id, data = seen_id, None
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
    return events


def expect_journal(events, whole):
    assert [event["seq"] for event in events] == list(range(CHUNKS + 2))
    assert events == whole


@pytest.mark.parametrize("seed", range(3))
def test_a_reader_of_lines(start_gateway, start_runtime, cut, seed):
    gateway = start_gateway(start_runtime(speak))
    path = begin(gateway)
    proxy = cut(gateway, seed)
    events = read_by_lines(proxy.url, path)
    assert proxy.cuts == 20
    expect_journal(events, read_by_lines(gateway.url, path))


def run_node(node, program, *arguments):
    """The events that it prints."""
    done = subprocess.run(
        [node, FOLDER / program, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_event_source_that_somebody_else_wrote(start_gateway, start_runtime, cut, node):
    """It comes again by itself, after the time that the stream names."""
    gateway = start_gateway(start_runtime(speak))
    path = begin(gateway)
    proxy = cut(gateway, 7, times=4)
    events = run_node(node, "resume_stream.js", proxy.url + path)
    assert proxy.cuts == 4
    expect_journal(events, read_by_lines(gateway.url, path))


def test_a_post_that_comes_again_under_its_key(start_gateway, start_runtime, cut, node):
    runtime = start_runtime(speak)
    gateway = start_gateway(runtime)
    proxy = cut(gateway, 8)
    events = run_node(node, "resume_post.js", proxy.url, PROMPT, "key-1")
    assert proxy.cuts == 20 and len(runtime.requests) == 1
    expect_journal(events, read_by_lines(gateway.url, events[0]["events_url"]))


def test_the_event_source_of_a_browser(start_gateway, start_runtime, cut, node):
    """From a page of another origin. It ends by itself, too: at the 204 behind the last event."""
    gateway = start_gateway(start_runtime(speak), allowed_origins="*")
    path = begin(gateway)
    proxy = cut(gateway, 9, times=4)
    events = run_node(node, "follow_in_browser.js", "event-source", proxy.url + path)
    assert proxy.cuts == 4
    expect_journal(events, read_by_lines(gateway.url, path))


def test_the_fetch_event_source_of_a_browser(start_gateway, start_runtime, cut, node):
    """From a page of another origin, whose preflights name the key and the last id. This client takes an id for seen
    before its event is whole, so what is cut within an event is lost to it (docs/api.md says so)."""
    runtime = start_runtime(speak)
    gateway = start_gateway(runtime, allowed_origins="*")
    proxy = cut(gateway, 10, times=4, between_events=True)
    url = f"{proxy.url}/api/v1/invoke"
    events = run_node(node, "follow_in_browser.js", "fetch-event-source", url, PROMPT, "key-1")
    assert proxy.cuts == 4 and len(runtime.requests) == 1
    expect_journal(events, read_by_lines(gateway.url, events[0]["events_url"]))
