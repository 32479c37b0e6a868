"""Waiting for a condition with a deadline; the only place where a black-box test pauses."""

import time


def wait_until(condition, what, seconds=30.0):
    """Polls `condition` until it gives something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)
