"""How long a refusal takes must not tell what the refused caller has no right to know.

Two kinds of requests alternate on one connection, in random order within each pair, so that whatever the machine
does meets both. Each kind is split at random into halves; the difference between the halves of one kind is what
chance alone makes of this machine, estimated by many splits. The rule, fixed beforehand: a measurement speaks
against the gateway if the lower quartiles of the two kinds differ by more than FLOOR_NS, and by more than
NOISE_FACTOR times the standard deviation of that chance. The lower quartile stands for a kind: a busy machine
delays some requests and hastens none. A machine has bad moments: the gateway fails if all of MEASUREMENTS
measurements speak against it with the same sign; one that does not ends the test.

Why a floor: on a quiet machine chance shrinks without limit, and then any two instructions more are "told apart".
What matters is what a caller can tell, who has a rate limit and sees each answer through a socket. Answers over
loopback alone scatter by 50 us and more; the mean of n of them by 50 us / sqrt(n). To be sure (4 standard
deviations of a difference) of 1 us takes 2 * (4 * 50)**2 = 80,000 requests at the very least, which at the default
100 a minute is a day of doing nothing else, on a network without any delay of its own.
"""

import dataclasses
import random
import statistics
import time
import uuid

import pytest
from peers.signers import Wire, sign_by_botocore

SAMPLES = 4000
SPLITS = 100
NOISE_FACTOR = 4
FLOOR_NS = 1_000
MEASUREMENTS = 3
WARM_UP = 30
SESSIONS = "/api/v1/sessions"


@pytest.fixture(scope="module")
def owner(add_key):
    return add_key("owner")


@pytest.fixture(scope="module")
def other(add_key):
    return add_key("other")


@pytest.fixture(scope="module")
def gateway(serve, owner, other, key_file):
    return serve(
        auth="iam",
        keys=key_file,
        auth_failures_max=0,
        rate_limit=0,
        account_rate_limit=0,
        log_level="OFF",
        threads=1,
    )


def signed(method, path, key):
    return sign_by_botocore(Wire(method, path, headers=[("Host", "a")]), key).bytes()


def take(client, request, status):
    started = time.perf_counter_ns()
    client.send(request)
    answer = client.read_answer()
    elapsed = time.perf_counter_ns() - started
    assert answer.status == status, answer
    return elapsed


def measure(gateway, status, first, second, dice):
    """Nanoseconds of SAMPLES requests of each kind; `first` and `second` make a request each time."""
    samples = ([], [])
    with gateway.raw() as client:
        for number in range(WARM_UP + SAMPLES):
            requests = (first(number), second(number))
            for kind in dice.sample((0, 1), 2):
                elapsed = take(client, requests[kind], status)
                if number >= WARM_UP:
                    samples[kind].append(elapsed)
    return samples


def typical(samples):
    return sorted(samples)[len(samples) // 4]


def spread(samples, dice):
    """Standard deviation of the difference between lower quartiles of two random halves, for sets twice as large."""
    differences = []
    for _ in range(SPLITS):
        mixed = dice.sample(samples, len(samples))
        half = len(mixed) // 2
        differences.append(typical(mixed[:half]) - typical(mixed[half:]))
    return statistics.pstdev(differences) / 2**0.5


def score(samples, dice):
    """The difference in units of what chance makes."""
    difference = typical(samples[0]) - typical(samples[1])
    noise = (spread(samples[0], dice) ** 2 + spread(samples[1], dice) ** 2) / 2
    return difference, difference / max(noise**0.5, 1.0)


def expect_alike(gateway, status, first, second):
    dice = random.Random(20250101)
    found = []
    for _ in range(MEASUREMENTS):
        difference, units = score(measure(gateway, status, first, second, dice), dice)
        found.append((round(difference), round(units, 1)))
        print(f"difference {difference:.0f} ns, {units:.1f} times the noise")
        if abs(difference) <= FLOOR_NS or abs(units) <= NOISE_FACTOR or found[0][1] * units < 0:
            return
    raise AssertionError(f"told apart each time (nanoseconds, times the noise): {found}")


def test_unknown_keys_take_as_long_as_wrong_secrets(gateway, owner):
    """The same unknown key each time, and a new one each time: neither may show."""
    wrong = dataclasses.replace(owner, secret_access_key="wrong" * 8)
    unknown = dataclasses.replace(wrong, access_key_id="SKMA" + "Z" * (len(owner.access_key_id) - 4))
    of_wrong = signed("GET", SESSIONS, wrong)
    of_unknown = signed("GET", SESSIONS, unknown)
    expect_alike(gateway, 401, lambda _: of_wrong, lambda _: of_unknown)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_sessions_of_others_take_as_long_as_none(gateway, owner, other, method):
    with gateway.raw() as client:
        client.send(signed("POST", SESSIONS, owner))
        foreign = client.read_answer().json()["session_id"]
    absent = str(uuid.UUID(int=random.Random(1).getrandbits(128), version=4))
    of_foreign = signed(method, f"{SESSIONS}/{foreign}", other)
    of_absent = signed(method, f"{SESSIONS}/{absent}", other)
    expect_alike(gateway, 404, lambda _: of_foreign, lambda _: of_absent)
    with gateway.raw() as client:
        client.send(signed("GET", f"{SESSIONS}/{foreign}", owner))
        assert client.read_answer().status == 200, "it is there all the time"
