"""Attacks from outside, on the binary that SKYMARSHAL_BIN names (default: build/release/skymarshal)."""

import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from peers.fixtures import *  # noqa: E402,F401,F403 - pytest finds fixtures by their names here
from peers.gateway_process import GatewayProcess, run_command  # noqa: E402
from peers.signers import Key  # noqa: E402


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """serve(**settings): a gateway for all tests of a file, which must still end cleanly after them."""
    started = []

    def start(**settings):
        started.append(GatewayProcess(tmp_path_factory.mktemp("gateway"), **settings))
        return started[-1]

    yield start
    try:
        for gateway in started:
            assert gateway.running, gateway.stderr()[-4000:]
            gateway.stop()
    finally:
        for gateway in started:
            gateway.kill()


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def add_key(key_file):
    """add_key("dispatch", *options): a key of that user in the key file."""

    def add(user, *options):
        principal = f"arn:aws:iam::123456789012:user/{user}"
        done = run_command(
            "keys", "add", "--file", str(key_file), "--principal", principal, "--json", *options
        )
        assert done.returncode == 0, done.stderr
        return Key.of(json.loads(done.stdout))

    return add
