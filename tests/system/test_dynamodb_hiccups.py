"""A DynamoDB that fails some requests and answers others: nothing is kept twice, nothing that was told is missing, and
no output tells a secret."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from peers import fault_proxy
from peers.fault_proxy import FAULTS, Once, Skewed, Sometimes
from peers.faulty_store import (
    PROMPT,
    STORED,
    Ledger,
    create_session,
    expect_unavailable,
    history,
    wait_drained,
)
from peers.gateway_process import AWS_CREDENTIALS
from peers.witness import Witness


@pytest.mark.parametrize("what", FAULTS)
def test_where_some_requests_fail_nothing_does(start_behind, start_shared, start_runtime, store_proxy, what):
    """One in six: the gateway asks again, so whoever writes twice must not be seen to."""
    witness = Witness()
    runtime = start_runtime(witness.answer_after(0.02, chunks=3))
    gateway = start_behind(runtime, dynamodb_timeout_ms=10_000)
    sessions = [create_session(gateway) for _ in range(3)]
    ledger, numbers = Ledger(), itertools.count()

    def ask(number):
        key = {"Idempotency-Key": f"order-{number}"} if number % 2 else {}
        session = sessions[number % 4] if number % 4 < 3 else None
        fields = {} if session is None else {"session_id": session}
        answer = gateway.invoke(f"{PROMPT}, order {number}", key, timeout=60, **fields)
        if answer.status == 200:
            ledger.note(answer, answer.header("x-session-persisted"))
        else:
            expect_unavailable(answer)
            ledger.note_refusal(answer)

    with store_proxy.failing(Sometimes(FAULTS[what], 1 / 6)), ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, itertools.islice(numbers, 24)))
    wait_drained(gateway)
    ledger.expect_all(gateway)
    ledger.expect_all(start_shared(runtime))
    assert not witness.overlaps and not witness.prompts_run_twice()
    # What no second attempt mends is refused, or kept later; so is an end that is not saved within a second, as where
    # throttling slows the whole client down.
    if what not in ("has no table", "refuses the token", "is slow", "is late", "throttles"):
        assert ledger.count(STORED) == 24, (ledger.told, ledger.refused)
    assert len(ledger.told) + len(ledger.refused) == 24


def test_a_token_that_is_refused_once_costs_no_answer(start_behind, start_runtime, store_proxy):
    """Those of the environment do not change: what cannot be asked again now is kept later."""
    runtime = start_runtime()
    gateway = start_behind(runtime)
    ledger = Ledger()
    for _ in range(5):
        with store_proxy.failing(Once(fault_proxy.expired_token)):
            answer = gateway.invoke()
        assert answer.status == 200
        ledger.note(answer, answer.header("x-session-persisted"))
    wait_drained(gateway)
    ledger.expect_all(gateway)


@pytest.mark.parametrize("minutes", [10, -10, 600])
def test_signs_by_the_clock_of_the_service(start_behind, start_shared, start_runtime, store_proxy, minutes):
    runtime = start_runtime()
    gateway = start_behind(runtime)
    session = create_session(gateway)
    ledger = Ledger()
    # Off at first, and then right again.
    for clock in (Skewed(minutes), Skewed(0)):
        with store_proxy.failing(clock):
            for headers in ({}, {"Idempotency-Key": str(uuid.uuid4())}, {}):
                answer = gateway.invoke(headers=headers, session_id=session)
                assert answer.status == 200 and answer.header("x-session-persisted") is None
                ledger.note(answer, STORED)
            assert clock.refused >= 1 and clock.accepted > clock.refused
    ledger.expect_all(start_shared(runtime))
    assert len(history(gateway, session)) == 6


def test_no_secret_and_no_signature_is_in_any_output(start_behind, start_runtime, store_proxy):
    """Whatever goes wrong, at the level that tells most; the fixture looks through the output of every test, too."""
    runtime = start_runtime()
    gateway = start_behind(runtime)
    assert gateway.invoke().status == 200
    assert store_proxy.last_headers["X-Amz-Security-Token"] == AWS_CREDENTIALS["AWS_SESSION_TOKEN"]
    assert "Signature=" in store_proxy.last_headers["Authorization"]

    def echo(exchange):
        """A service that repeats what it was sent, as real ones do with the canonical request."""
        sent = ", ".join(f"{name}: {value}" for name, value in exchange.headers.items())
        exchange.refuse(400, "InvalidSignatureException", "The signature does not match. You sent: " + sent)

    for fault in (*FAULTS.values(), Skewed(10), echo):
        with store_proxy.failing(fault):
            assert gateway.invoke(timeout=60).status == 200
            gateway.get("/api/v1/sessions", timeout=60)
    wait_drained(gateway)
    gateway.stop()
    assert gateway.log_lines("dynamodb_failed"), "it has told of what went wrong"
    gateway.expect_no_secret_output()
    # And the look would find them.
    gateway._stdout.append(AWS_CREDENTIALS["AWS_SESSION_TOKEN"])
    with pytest.raises(AssertionError):
        gateway.expect_no_secret_output()
    gateway._stdout.pop()
