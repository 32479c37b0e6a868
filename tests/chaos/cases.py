"""What the tests of a failing runtime share: settings for those that wait for a limit and for those that must not
come near one, and how an end is told."""

import dataclasses

import pytest
from peers.clients import sse_events

CHUNK = {"type": "chunk", "data": {"agent": "crew_compliance", "status": "analyzing", "partial_result": {}}}
COMPLETE = {"type": "complete", "data": {"assessment": {"summary": "fine"}}}
# No limit ends a run here: a machine that is slow is not taken for a runtime that is.
PATIENT = {
    "connect_timeout_ms": 60_000,
    "first_message_timeout_ms": 60_000,
    "silence_timeout_ms": 60_000,
    "total_timeout_ms": 60_000,
    "close_timeout_ms": 300,
    "retry_delays_ms": "20,40",
    "message_bytes_max": 65536,
}
# Each stage ends soon by its own limit, the whole run does not.
QUICK = {
    **PATIENT,
    "connect_timeout_ms": 400,
    "first_message_timeout_ms": 400,
    "silence_timeout_ms": 400,
}
# Reached only by what waits for a limit of a minute.
SOON_SECONDS = 25


def run(gateway, streaming):
    """(status, error_code, whole answer) whichever way it is reported."""
    answer = gateway.invoke(streaming=streaming)
    if answer.status != 200 or not streaming:
        body = answer.json()
        return answer.status, body.get("error_code"), answer
    last = sse_events(answer.body)[-1]
    return answer.status, last.get("error_code"), answer


def error_details(answer, streaming):
    """`details` of an error, whichever way it is reported."""
    if not streaming or answer.status != 200:
        return answer.json()["details"]
    return sse_events(answer.body)[-1]["error"]["details"]


both_modes = pytest.mark.parametrize("streaming", [False, True], ids=["buffered", "streamed"])


PROTOCOL = "RUNTIME_PROTOCOL_ERROR"


@dataclasses.dataclass
class Case:
    script: object
    status: int = 502
    code: str = PROTOCOL
    attempts: int = 1


def refusal(status, fields=""):
    """Answers the handshake with this status."""
    return lambda link: link.answer_http(status, fields=fields)
