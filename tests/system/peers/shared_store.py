"""Fixtures of gateways that share a store: one DynamoDB of a test run, fresh tables for each test."""

import pytest

from .dynalite import Dynalite

LEASE_MS = 1000


@pytest.fixture(scope="session")
def dynalite():
    running = Dynalite()
    yield running
    running.stop()


@pytest.fixture
def start_shared(start_gateway, dynalite):
    """start_shared(runtime, **settings): all gateways that it starts in a test share their tables. They have the
    secrets that no output may hold (gateway_process), and log all they can."""
    tables = dynalite.create_tables_apart()
    # Some names are those of the environment, and not this program's own.
    arguments = [
        part for name, value in tables.items() for part in (f"--{name.replace('_', '-')}", value)
    ]

    def start(runtime=None, **settings):
        settings = {
            "store": "dynamodb",
            "dynamodb_endpoint": dynalite.url(),
            "lease_ms": LEASE_MS,
            "log_level": "DEBUG",
            **settings,
        }
        return start_gateway(runtime, arguments, **settings)

    return start
