"""The command line as a person or a script uses it, against a gateway of its own."""

import json
import os
import pty
import re
import socket
import subprocess

import pytest
from peers.clients import UUID4
from peers.fake_runtime import BUSINESS_AGENTS, SAFETY_AGENTS, answer_with
from peers.gateway_process import BINARY, clean_environment, run_command

PROMPT = (
    "Flight EY283 from BKK to AUH: hydraulic fault on A6-BNC before departure, "
    "3 hours delay, 286 passengers, 51 connecting"
)
DONE, FAILED, USAGE, NOT_ALLOWED, NO_CONNECTION, TIMED_OUT, TRY_LATER = range(7)


@pytest.fixture
def gateway(start_gateway):
    return start_gateway(arguments=["--dev"])


def cli(gateway, *arguments, **options):
    return run_command(*arguments, "--endpoint", gateway.url, **options)


def test_shows_its_version():
    done = run_command("version")
    assert done.returncode == DONE and re.search(r"\d+\.\d+\.\d+", done.stdout)


@pytest.mark.parametrize(
    "arguments",
    [[], ["serve"], ["runtime"], ["invoke"], ["sessions"], ["sessions", "list"], ["sessions", "show"]],
)
def test_explains_itself(arguments):
    done = run_command(*arguments, "--help")
    assert done.returncode == DONE and done.stderr == ""
    assert "Usage" in done.stdout or "usage" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["invoke"],
        ["invoke", "--no-such-flag", "x"],
        ["sessions"],
        ["sessions", "dance"],
        ["sessions", "show"],
        ["serve", "--listen"],
        ["serve", "--auth", "maybe", "--listen", "127.0.0.1:0"],
        ["invoke", "--timeout", "0", "x"],
    ],
)
def test_explains_wrong_usage(arguments):
    done = run_command(*arguments)
    assert done.returncode == USAGE, done
    assert done.stderr.strip() and done.stdout == ""


def test_invokes_and_shows_every_agent_as_plain_lines(gateway):
    done = cli(gateway, "invoke", PROMPT)
    assert done.returncode == DONE, done.stderr
    for agent in SAFETY_AGENTS + BUSINESS_AGENTS:
        assert agent in done.stdout or agent.replace("_", " ") in done.stdout.lower(), agent
    assert any(word in done.stdout.lower() for word in ("approved", "rejected", "conditional"))
    assert "\x1b" not in done.stdout + done.stderr, "no escape sequences in a pipe"


def test_invokes_for_scripts(gateway):
    done = cli(gateway, "invoke", "--json", PROMPT)
    assert done.returncode == DONE and done.stdout.count("\n") == 1
    body = json.loads(done.stdout)
    assert body["status"] == "success" and set(body["safety_phase"]["agents"]) == set(SAFETY_AGENTS)


def test_passes_json_on_byte_for_byte(start_gateway, start_runtime):
    async def script(peer):
        await peer.send('{"type":"complete","data":{"assessment":{"z":1.0,"a":1E+400,"t":"\\u0041\\/"}}}')

    done = cli(start_gateway(start_runtime(script)), "invoke", "--json", PROMPT)
    assert '"assessment":{"z":1.0,"a":1E+400,"t":"\\u0041\\/"}' in done.stdout


def test_reads_the_prompt_from_standard_input(start_gateway, start_runtime):
    runtime = start_runtime()
    done = cli(
        start_gateway(runtime), "invoke", "--json", "-", input="Flight EY283 is late,\nby three hours\n"
    )
    assert done.returncode == DONE
    assert runtime.requests[0]["payload"]["prompt"] == "Flight EY283 is late,\nby three hours"


def test_shows_the_agents_live_on_a_terminal(gateway):
    terminal, inside = pty.openpty()
    process = subprocess.Popen(
        [BINARY, "invoke", "--endpoint", gateway.url, PROMPT],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env={**clean_environment({}), "TERM": "xterm-256color"},
    )
    os.close(inside)
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    assert process.wait(20) == DONE
    text = shown.decode()
    assert "\x1b[" in text, "a terminal is drawn on"
    for agent in SAFETY_AGENTS + BUSINESS_AGENTS:
        assert agent in text or agent.replace("_", " ") in text.lower(), agent


def test_goes_on_in_a_session(start_gateway, start_runtime):
    runtime = start_runtime()
    gateway = start_gateway(runtime)
    session = cli(gateway, "sessions", "create").stdout.strip()
    assert UUID4.fullmatch(session)
    for _ in range(2):
        assert cli(gateway, "invoke", "--session", session, PROMPT).returncode == DONE
    assert {request["payload"]["session_id"] for request in runtime.requests} == {session}


def test_manages_sessions(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    session = json.loads(cli(gateway, "sessions", "create", "--json").stdout)["session_id"]
    assert cli(gateway, "invoke", "--session", session, "Flight EY283 is three hours late").returncode == DONE

    listed = cli(gateway, "sessions", "list")
    assert listed.returncode == DONE and session in listed.stdout
    listed = json.loads(cli(gateway, "sessions", "list", "--json", "--status", "active").stdout)
    assert [entry["session_id"] for entry in listed["sessions"]] == [session]

    shown = cli(gateway, "sessions", "show", session)
    assert shown.returncode == DONE and "Flight EY283 is three hours late" in shown.stdout
    shown = json.loads(cli(gateway, "sessions", "show", session, "--json").stdout)
    assert shown["interaction_count"] == 1

    assert cli(gateway, "sessions", "delete", session).returncode == DONE
    for action in ("show", "delete"):
        gone = cli(gateway, "sessions", action, session)
        assert (
            gone.returncode == FAILED
            and "SESSION_NOT_FOUND" in gone.stderr + gone.stdout
            or "session" in gone.stderr
        )


def test_cleans_up_a_database_without_a_gateway(start_gateway, start_runtime):
    gateway = start_gateway(start_runtime())
    cli(gateway, "sessions", "create")
    gateway.stop()
    done = run_command("sessions", "cleanup", "--database", gateway.database)
    assert done.returncode == DONE and "0" in done.stdout


def test_tells_by_its_exit_code_what_happened(start_gateway, start_runtime):
    codes = iter(["MODEL_CRASHED", "TIMEOUT", "THROTTLED"])

    async def script(peer):
        await peer.error(next(codes), "for a reason of its own")

    gateway = start_gateway(start_runtime(script))
    for expected in (FAILED, TIMED_OUT, TRY_LATER):
        done = cli(gateway, "invoke", PROMPT)
        assert done.returncode == expected, done
        assert "for a reason of its own" in done.stderr
    assert cli(gateway, "invoke", "short").returncode == USAGE


def test_gives_up_in_time(start_gateway, start_runtime):
    async def script(peer):
        await peer.hang()

    gateway = start_gateway(start_runtime(script), disconnect_grace_ms=0)
    done = cli(gateway, "invoke", "--timeout", "1", PROMPT)
    assert done.returncode == TIMED_OUT and done.stderr.strip()


def test_says_when_nobody_answers():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = run_command("invoke", "--endpoint", f"http://127.0.0.1:{port}", PROMPT)
    assert done.returncode == NO_CONNECTION and str(port) in done.stderr
    for endpoint in ("nonsense", "ftp://127.0.0.1/", "http://user@127.0.0.1/"):
        assert run_command("invoke", "--endpoint", endpoint, PROMPT).returncode == USAGE


def test_json_errors_are_json_too(start_gateway, start_runtime):
    async def script(peer):
        await peer.error("MODEL_CRASHED", "for a reason of its own")

    done = cli(start_gateway(start_runtime(script)), "invoke", "--json", PROMPT)
    assert done.returncode == FAILED
    assert json.loads(done.stdout)["error_code"] == "RUNTIME_ERROR"


def test_many_agents_lines_arrive_as_they_come(start_gateway, start_runtime):
    chunks = [{"agent": "cargo", "status": "analyzing", "partial_result": {"n": n}} for n in range(20)]
    done = cli(start_gateway(start_runtime(answer_with({}, chunks))), "invoke", PROMPT)
    assert done.returncode == DONE and "cargo" in done.stdout


@pytest.mark.parametrize(
    "name, problem",
    [
        ("RESPONSE_MODE", "RESPONSE_MODE is set, and cannot be honoured: "),
        ("SESSION_TABLE_NAME", "SESSION_TABLE_NAME names a DynamoDB table, and sessions are kept in an SQLite file: "),
    ],
)
def test_does_not_start_where_it_would_ignore_what_was_asked_for(name, problem):
    variables = {name: "skymarshal-x", "AWS_REGION": "us-east-1"}
    refused = run_command("serve", "--dev", "--listen", "127.0.0.1:0", variables=variables, seconds=20)
    assert refused.returncode == USAGE and refused.stdout == ""
    assert refused.stderr.startswith(f"skymarshal: {problem}"), refused.stderr
    assert "nset it" in refused.stderr and refused.stderr.count("\n") == 1


def test_the_region_of_other_programs_stops_nothing():
    done = run_command("config", variables={"AWS_REGION": "us-east-1", "RESPONSE_MODE": ""})
    assert done.returncode == DONE, done.stderr


def test_a_byte_order_mark_is_no_part_of_what_is_read(start_gateway, start_runtime, tmp_path):
    file = tmp_path / "gateway.toml"
    file.write_bytes(b"\xef\xbb\xbfthreads = 3\n")
    done = run_command("config", "--config", str(file))
    assert done.returncode == DONE and f"{file}:1" in done.stdout, done.stderr

    runtime = start_runtime()
    done = cli(start_gateway(runtime), "invoke", "--json", "-", input="\ufeffFlight EY283 is three hours late\n")
    assert done.returncode == DONE, done.stderr
    assert runtime.requests[0]["payload"]["prompt"] == "Flight EY283 is three hours late"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serv"], "did you mean serve?"),
        (["sessions", "lsit"], "did you mean list?"),
        (["invoke", PROMPT, "--sesion", "x"], "did you mean --session?"),
        (["invoke", "EY283", "is", "late"], "in quotes"),
    ],
)
def test_says_what_was_probably_meant(arguments, words):
    done = run_command(*arguments)
    assert done.returncode == USAGE and words in done.stderr, done.stderr


def test_prints_its_settings():
    done = run_command("config", settings={"threads": 4})
    assert done.returncode == DONE
    assert "threads" in done.stdout and "SKYMARSHAL_THREADS" in done.stdout or "environment" in done.stdout
