"""Fixtures of the black-box tests: whatever a test starts is judged and ended after it."""

import itertools
import os

import pytest

from .dynalite import Dynalite
from .fake_runtime import EventLoopThread, FakeRuntime, answer_at_once
from .gateway_process import BINARY, GatewayProcess
from .node import node_program
from .raw_peer import RawPeer
from .faulty_store import start_behind, store_proxy  # noqa: F401 - the same
from .shared_store import dynalite, start_shared  # noqa: F401 - fixtures, found here by their names
from .waiting import wait_until


@pytest.fixture(scope="session", autouse=True)
def built_binary():
    assert os.access(
        BINARY, os.X_OK
    ), f"{BINARY} is missing: build it first, or name another with SKYMARSHAL_BIN"


@pytest.fixture(scope="session")
def node():
    return node_program()


@pytest.fixture
def start_dynalite(node):
    """start_dynalite(): DynamoDB's API with the tables of this program."""
    started = []

    def start():
        started.append(Dynalite())
        started[-1].create_tables()
        return started[-1]

    yield start
    for dynalite in started:
        dynalite.stop()


@pytest.fixture(scope="session")
def loop_thread():
    return EventLoopThread()


@pytest.fixture
def start_runtime(loop_thread):
    """start_runtime(script, **options): a runtime on `websockets`."""
    runtimes = []

    def start(script=answer_at_once, **options):
        runtimes.append(FakeRuntime(loop_thread, script, **options))
        return runtimes[-1]

    yield start
    for runtime in runtimes:
        runtime.stop()


@pytest.fixture
def start_raw_runtime():
    """start_raw_runtime(script): a runtime on a bare socket."""
    runtimes = []

    def start(script):
        runtimes.append(RawPeer(script))
        return runtimes[-1]

    yield start
    for runtime in runtimes:
        runtime.stop()


@pytest.fixture
def start_gateway(tmp_path, start_runtime, start_raw_runtime):
    """start_gateway(runtime, **settings): afterwards its slots must be free, its runtime's connections
    closed, its end clean, its sanitizers silent and its secrets untold."""
    started = []
    count = itertools.count()

    def start(runtime=None, arguments=(), **settings):
        if runtime is not None:
            settings.setdefault("runtime_url", runtime.url())
        gateway = GatewayProcess(tmp_path / f"gateway{next(count)}", arguments, **settings)
        started.append((gateway, runtime))
        return gateway

    yield start
    try:
        for gateway, runtime in started:
            if gateway.running:
                gateway.wait_idle()
            if runtime is not None:
                wait_until(
                    lambda runtime=runtime: runtime.open_sockets == 0, "the runtime's connections are closed"
                )
            if gateway.running:
                gateway.stop()
            gateway.expect_no_sanitizer_output()
            gateway.expect_no_secret_output()
    finally:
        for gateway, _ in started:
            gateway.kill()
