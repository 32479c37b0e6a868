"""Keys to call with: given, listed, taken back and replaced on the command line, and what a gateway makes of them."""

import concurrent.futures
import json
import os
import pathlib
import stat
import subprocess

import pytest

from peers.gateway_process import BINARY, clean_environment, run_command
from peers.signers import Key, Wire, sign_by_botocore
from peers.waiting import wait_until

PRINCIPAL = "arn:aws:iam::123456789012:user/dispatch"
DONE, FAILED, USAGE = range(3)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "keys.json"


def keys(action, file, *options):
    return run_command("keys", action, "--file", str(file), *options)


def add(file, *options, principal=PRINCIPAL):
    done = keys("add", file, "--principal", principal, "--json", *options)
    assert done.returncode == DONE, done.stderr
    return json.loads(done.stdout)


def listed(file):
    done = keys("list", file, "--json")
    assert done.returncode == DONE, done.stderr
    return {key["access_key_id"]: key for key in json.loads(done.stdout)["keys"]}


# -- the command ---------------------------------------------------------------------------------------


def test_adds_a_key_and_shows_its_secret_once(file):
    made = add(file, "--tier", "gold")
    assert set(made) == {"access_key_id", "secret_access_key", "principal", "tier"}
    assert made["principal"] == PRINCIPAL and made["tier"] == "gold"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for options in ([], ["--json"]):
        done = keys("list", file, *options)
        assert made["access_key_id"] in done.stdout and PRINCIPAL in done.stdout
        assert made["secret_access_key"] not in done.stdout + done.stderr


def test_prints_lines_for_a_shell(file):
    done = keys("add", file, "--principal", PRINCIPAL, "--expires-in", "600")
    assert done.returncode == DONE, done.stderr
    script = done.stdout + 'printf "%s " "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"'
    seen = subprocess.run(["sh", "-eu", "-c", script], capture_output=True, text=True, timeout=20, check=True).stdout
    (kept,) = json.loads(file.read_text())["keys"]
    assert seen.split() == [kept["access_key_id"], kept["secret_access_key"], kept["session_token"]]


def test_revokes_a_key(file):
    first, second = add(file), add(file)
    assert keys("revoke", file, first["access_key_id"]).returncode == DONE
    assert set(listed(file)) == {second["access_key_id"]}
    again = keys("revoke", file, first["access_key_id"])
    assert again.returncode == FAILED and first["access_key_id"] in again.stderr


def test_rotates_a_key(file):
    old = add(file, "--tier", "gold", "--allow", "GET /api/v1/*")
    done = keys("rotate", file, old["access_key_id"], "--json")
    fresh = json.loads(done.stdout)
    assert fresh["principal"] == PRINCIPAL and fresh["tier"] == "gold"
    shown = listed(file)
    assert "expires_at" in shown[old["access_key_id"]] and "expires_at" not in shown[fresh["access_key_id"]]
    assert shown[old["access_key_id"]]["policy"] == shown[fresh["access_key_id"]]["policy"]
    keys("rotate", file, fresh["access_key_id"], "--keep-for", "0")
    assert fresh["access_key_id"] not in listed(file)


@pytest.mark.parametrize(
    "options",
    [
        ["--principal", "dispatch"],
        ["--principal", PRINCIPAL, "--allow", "/api/v1/invoke"],
        ["--principal", PRINCIPAL, "--deny", "delete *"],
        ["--principal", PRINCIPAL, "--tier", "a b"],
        ["--principal", PRINCIPAL, "--expires-in", "0"],
        ["--principal", PRINCIPAL, "--policy", "/nonexistent"],
        ["--principal", PRINCIPAL, "--policy", "x", "--allow", "*"],
        [],
    ],
)
def test_refuses_what_no_key_may_have(file, options):
    done = keys("add", file, *options)
    assert done.returncode == USAGE and done.stderr and not done.stdout
    assert not file.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_refuses_a_file_that_others_may_open(file, mode):
    add(file)
    file.chmod(mode)
    for done in (keys("list", file), keys("add", file, "--principal", PRINCIPAL)):
        assert done.returncode == FAILED and f"chmod 600 {file}" in done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.parametrize("text", ["", "{", '{"version":1,"keys":[{"secret_access_key":"hush-hush"}]}'])
def test_never_overwrites_a_broken_file(file, text):
    file.write_text(text)
    file.chmod(0o600)
    done = keys("add", file, "--principal", PRINCIPAL)
    assert done.returncode == USAGE and "hush" not in done.stderr
    assert file.read_text() == text


def test_says_when_the_secret_could_not_be_shown(file):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [BINARY, "keys", "add", "--file", str(file), "--principal", PRINCIPAL],
            env=clean_environment({}),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == FAILED and "revoke" in done.stderr


def test_commands_at_once_lose_nothing(file):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: add(file)["access_key_id"], range(24)))
    assert set(listed(file)) == set(made)
    assert {path.name for path in file.parent.iterdir()} == {"keys.json", "keys.json.lock"}


# -- the gateway ---------------------------------------------------------------------------------------


def send(gateway, made, method="GET", path="/api/v1/sessions", body=b""):
    wire = Wire(method, path, headers=[("Host", f"{gateway.host}:{gateway.port}")], body=body)
    if body:
        wire.headers.append(("Content-Type", "application/json"))
    wire = sign_by_botocore(wire, Key.of(made))
    return gateway.request(method, wire.path, body or None, dict(wire.headers))


def reason(answer):
    assert answer.status == 401, answer
    assert answer.header("www-authenticate").startswith("AWS4-HMAC-SHA256")
    return answer.json()["details"]["reason"]


def start(start_gateway, file, **settings):
    """Without limits, as the tests ask again and again."""
    limits = {"rate_limit": 0, "account_rate_limit": 0, "auth_failures_max": 0}
    return start_gateway(auth="iam", keys=file, **limits, **settings)


def test_lets_in_who_has_a_key(start_gateway, file):
    lasting, temporary = add(file), add(file, "--expires-in", "600")
    gateway = start(start_gateway, file)
    assert send(gateway, lasting).status == 200
    assert send(gateway, temporary).status == 200
    assert reason(gateway.get("/api/v1/sessions")) == "MISSING_CREDENTIALS"
    assert reason(send(gateway, {**lasting, "secret_access_key": "x" * 40})) == "SIGNATURE_MISMATCH"
    assert reason(send(gateway, {**lasting, "access_key_id": "SKMA" + "A" * 16})) == "SIGNATURE_MISMATCH"
    assert reason(send(gateway, {**temporary, "session_token": ""})) == "SIGNATURE_MISMATCH"
    assert reason(send(gateway, {**lasting, "session_token": temporary["session_token"]})) == "SIGNATURE_MISMATCH"


def test_the_policy_decides_what_a_key_may_do(start_gateway, file):
    reader = add(file, "--allow", "GET /api/v1/*", "--deny", "GET /api/v1/sessions/*")
    gateway = start(start_gateway, file)
    assert send(gateway, reader).status == 200
    # However the path is spelled.
    for path in ("/api/v1/sessions/x", "/api/v1/%73essions/x", "/api/v1/sessions/%78"):
        answer = send(gateway, reader, path=path)
        assert answer.status == 403 and answer.error_code == "FORBIDDEN", (path, answer)
    assert send(gateway, reader, "POST", body=b"{}").status == 403


def test_keys_change_while_it_serves(start_gateway, file):
    first = add(file)
    gateway = start(start_gateway, file)
    second = add(file)
    wait_until(lambda: send(gateway, second).status == 200, "the new key is known")
    assert keys("revoke", file, first["access_key_id"]).returncode == DONE
    wait_until(lambda: send(gateway, first).status == 401, "the revoked key is unknown")
    assert reason(send(gateway, first)) == "SIGNATURE_MISMATCH"
    assert send(gateway, second).status == 200
    wait_until(lambda: gateway.stderr().count("keys_reloaded") >= 2, "the log says so")


def test_a_broken_file_changes_nothing_but_the_log(start_gateway, file):
    made = add(file)
    gateway = start(start_gateway, file)
    good = file.read_text()
    file.write_text('{"version":1,"keys":[{"secret_access_key":"hush-hush"}]}')
    wait_until(lambda: "keys_not_reloaded" in gateway.stderr(), "the log says so")
    assert send(gateway, made).status == 200
    file.write_text(good)
    wait_until(lambda: "keys_reloaded" in gateway.stderr(), "it was read again")
    assert gateway.stderr().count("keys_not_reloaded") == 1
    assert "hush-hush" not in gateway.stderr() and made["secret_access_key"] not in gateway.stderr()


def test_expired_keys_are_unknown(start_gateway, file):
    lasting, brief = add(file), add(file, "--expires-in", "2")
    gateway = start(start_gateway, file)
    wait_until(lambda: send(gateway, brief).status == 401, "the key has ended")
    assert reason(send(gateway, brief)) == "SIGNATURE_MISMATCH"
    assert send(gateway, lasting).status == 200


@pytest.mark.parametrize("harm", ["absent", "readable", "empty", "broken", "revoked"])
def test_does_not_serve_without_keys(tmp_path, file, harm):
    made = add(file)
    if harm == "absent":
        os.unlink(file)
    elif harm == "readable":
        file.chmod(0o644)
    elif harm == "revoked":
        keys("revoke", file, made["access_key_id"])
    else:
        pathlib.Path(file).write_text("" if harm == "empty" else "{")
    settings = {"database": tmp_path / "sessions.db", "keys": file, "runtime_url": "ws://127.0.0.1:1/ws"}
    done = run_command("serve", "--listen", "127.0.0.1:0", "--auth", "iam", settings=settings, seconds=20)
    assert done.returncode not in (0, 99) and "listening on" not in done.stdout
    assert "key" in done.stderr


def test_a_byte_order_mark_before_the_keys_is_no_key(file, start_gateway):
    """Some editors leave one behind."""
    key = Key.of(add(file))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert set(listed(file)) == {key.access_key_id}
    gateway = start_gateway(auth="iam", keys=file)
    wire = sign_by_botocore(
        Wire("GET", "/api/v1/sessions", headers=[("Host", f"{gateway.host}:{gateway.port}")]), key
    )
    with gateway.raw() as client:
        client.send(wire.bytes())
        assert client.read_answer().status == 200
