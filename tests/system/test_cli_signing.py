"""The command line proves who it is, with the credentials that AWS's own tools would take."""

import json
import os
import socket
import subprocess

import botocore.configloader
import botocore.session
import pytest
from peers.gateway_process import BINARY, clean_environment, run_command
from peers.listener import Listener

DONE, FAILED, USAGE, NOT_ALLOWED, NO_CONNECTION, TIMED_OUT, TRY_LATER = range(7)
PROMPT = "Flight EY283 from BKK to AUH is 3 hours late"
ARN = "arn:aws:iam::123456789012:user/"


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "keys.json"


def add_key(key_file, name, *options):
    done = run_command("keys", "add", "--file", str(key_file), "--principal", ARN + name, "--json", *options)
    assert done.returncode == DONE, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def anna(key_file):
    return add_key(key_file, "anna")


@pytest.fixture
def gateway(start_gateway, start_runtime, anna, key_file):
    return start_gateway(start_runtime(), auth="iam", keys=key_file)


def variables(key):
    return {
        "AWS_ACCESS_KEY_ID": key["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": key["secret_access_key"],
        **({"AWS_SESSION_TOKEN": key["session_token"]} if key.get("session_token") else {}),
    }


def cli(gateway, *arguments, **options):
    return run_command(*arguments, "--endpoint", gateway.url, **options)


def write_profile(path, name, key):
    path.write_text(
        f"[{name}]\naws_access_key_id = {key['access_key_id']}\n"
        f"aws_secret_access_key = {key['secret_access_key']}\n"
    )
    return {"AWS_SHARED_CREDENTIALS_FILE": str(path)}


def test_signs_with_the_environment(gateway, anna):
    done = cli(gateway, "invoke", "--json", PROMPT, variables=variables(anna))
    assert done.returncode == DONE, done.stderr
    session = json.loads(done.stdout)["session_id"]
    shown = cli(gateway, "sessions", "show", session, "--json", variables=variables(anna))
    assert shown.returncode == DONE and json.loads(shown.stdout)["interaction_count"] == 1
    listed = cli(gateway, "sessions", "list", "--limit", "5", "--status", "active", variables=variables(anna))
    assert listed.returncode == DONE and session in listed.stdout
    assert cli(gateway, "sessions", "delete", session, variables=variables(anna)).returncode == DONE


def test_signs_with_a_profile(gateway, anna, tmp_path):
    named = write_profile(tmp_path / "credentials", "night", anna)
    assert cli(gateway, "sessions", "create", "--profile", "night", variables=named).returncode == DONE
    by_variable = {**named, "AWS_PROFILE": "night"}
    assert cli(gateway, "sessions", "create", variables=by_variable).returncode == DONE
    assert cli(gateway, "sessions", "create", variables=named).returncode == NOT_ALLOWED
    missing = cli(gateway, "sessions", "create", "--profile", "day", variables=named)
    assert missing.returncode == USAGE and "day" in missing.stderr


def test_signs_with_the_default_profile_of_the_home_folder(gateway, anna, tmp_path):
    (tmp_path / ".aws").mkdir()
    write_profile(tmp_path / ".aws" / "credentials", "default", anna)
    assert cli(gateway, "sessions", "create", variables={"HOME": str(tmp_path)}).returncode == DONE


def test_signs_with_a_key_of_the_command_line(gateway, anna):
    key = ["--access-key", anna["access_key_id"], "--secret-key", anna["secret_access_key"]]
    assert cli(gateway, "sessions", "create", *key, "--region", "eu-west-1").returncode == DONE
    assert cli(gateway, "sessions", "create", *key[:2]).returncode == USAGE


def test_signs_with_temporary_credentials(gateway, key_file, start_gateway):
    temporary = add_key(key_file, "guest", "--expires-in", "3600")
    fresh = start_gateway(auth="iam", keys=key_file)
    assert cli(fresh, "sessions", "create", variables=variables(temporary)).returncode == DONE
    without = {**variables(temporary), "AWS_SESSION_TOKEN": ""}
    assert cli(fresh, "sessions", "create", variables=without).returncode == NOT_ALLOWED


def test_signs_odd_queries(gateway, anna):
    cursor = "a+b/c=ä %~"
    done = cli(gateway, "sessions", "list", "--cursor", cursor, variables=variables(anna))
    assert done.returncode == USAGE and "SIGNATURE" not in done.stderr, done


def test_says_who_it_was_and_what_to_do_when_it_is_not_let_in(gateway, anna):
    unsigned = cli(gateway, "sessions", "create")
    assert unsigned.returncode == NOT_ALLOWED
    assert "--profile" in unsigned.stderr and "not signed" in unsigned.stderr
    unsigned = cli(gateway, "invoke", "--no-sign", PROMPT, variables=variables(anna))
    assert unsigned.returncode == NOT_ALLOWED and "not signed" in unsigned.stderr

    wrong = {**variables(anna), "AWS_SECRET_ACCESS_KEY": "wrong" * 8}
    refused = cli(gateway, "invoke", PROMPT, variables=wrong)
    assert refused.returncode == NOT_ALLOWED and "secret" in refused.stderr
    assert anna["access_key_id"] in refused.stderr and "the environment" in refused.stderr
    unknown = cli(gateway, "sessions", "list", variables={**wrong, "AWS_ACCESS_KEY_ID": "SKMA" + "A" * 16})
    assert unknown.returncode == NOT_ALLOWED and "skymarshal keys list" in unknown.stderr
    for done in (unsigned, refused, unknown):
        assert "wrong" * 8 not in done.stdout + done.stderr
        assert anna["secret_access_key"] not in done.stdout + done.stderr
    as_json = cli(gateway, "invoke", "--json", PROMPT)
    assert as_json.returncode == NOT_ALLOWED and json.loads(as_json.stdout)["error_code"] == "UNAUTHORIZED"


def test_says_when_a_policy_or_a_limit_is_in_the_way(start_gateway, start_runtime, key_file):
    reader = add_key(key_file, "reader", "--allow", "GET /api/v1/sessions")
    gateway = start_gateway(start_runtime(), auth="iam", keys=key_file, rate_limit=3)
    denied = cli(gateway, "invoke", PROMPT, variables=variables(reader))
    assert denied.returncode == NOT_ALLOWED and "FORBIDDEN" in denied.stderr
    assert reader["access_key_id"] in denied.stderr
    for _ in range(3):
        last = cli(gateway, "sessions", "list", variables=variables(reader))
    last = cli(gateway, "sessions", "list", variables=variables(reader))
    assert last.returncode == TRY_LATER and "Try again in" in last.stderr


@pytest.fixture
def listener():
    server = Listener()
    yield server
    server.stop()


def sent(listener, *arguments, **options):
    """The head of what `sessions list` sends."""
    url = f"http://127.0.0.1:{listener.port}"
    run_command("sessions", "list", "--endpoint", url, *arguments, **options)
    return listener.heads[-1]


# What Python's configparser and the SDKs read alike. {id} and {secret} are a key's.
GOOD = "aws_access_key_id={id}\naws_secret_access_key={secret}\n"
ODD_FILES = {
    "plain": "[default]\n" + GOOD,
    "spaces": "[default]\n  aws_access_key_id   =\t{id}  \n  aws_secret_access_key\t= {secret}\t\n",
    "colons": "[default]\naws_access_key_id: {id}\naws_secret_access_key : {secret}\n",
    "upper_case": "[default]\nAWS_ACCESS_KEY_ID = {id}\nAws_Secret_Access_Key = {secret}\n",
    "crlf": ("[default]\n" + GOOD).replace("\n", "\r\n"),
    "no_last_line_end": ("[default]\n" + GOOD).rstrip("\n"),
    "comments": "# one\n; two\n\n[default]\n# three\naws_access_key_id={id}\n  # four\n"
    "aws_secret_access_key={secret}\n",
    "sections_around": "[before]\nregion=x\n\n[default]\n" + GOOD + "[after]\naws_access_key_id=wrong\n",
    "nested": "[default]\ns3 =\n  aws_access_key_id = wrong\n  addressing_style = path\n" + GOOD,
    "nested_last": "[default]\n"
    + GOOD
    + "s3 =\n  aws_access_key_id = wrong\n\n  aws_secret_access_key = wrong\n",
    "signs_inside": "[default]\naws_access_key_id={id}\naws_secret_access_key=a=b:c#d;e\n",
    "no_keys": "[default]\nregion = eu-west-1\n",
    "empty": "",
    "token": "[default]\n" + GOOD + "aws_session_token = FwoG//+==\n",
    "other_profile": "[other]\n" + GOOD,
    "upper_case_section": "[Default]\n" + GOOD,
    "spaced_section": "[default]  \n" + GOOD,
}


def botocore_finds(path):
    """(id, session token) as botocore has them."""
    session = botocore.session.Session()
    session.set_config_variable("credentials_file", str(path))
    session.set_config_variable("config_file", os.devnull)
    for provider in ("env", "iam-role", "container-role"):
        session.get_component("credential_provider").remove(provider)
    found = session.get_credentials()
    return (found.access_key, found.token) if found else (None, None)


@pytest.mark.parametrize("name", ODD_FILES)
def test_reads_credential_files_as_botocore_does(listener, tmp_path, name, monkeypatch):
    for variable in [variable for variable in os.environ if variable.startswith("AWS_")]:
        monkeypatch.delenv(variable)
    path = tmp_path / "credentials"
    path.write_bytes(ODD_FILES[name].replace("{id}", "AKIAODD").replace("{secret}", "s/e+c").encode())
    head = sent(listener, variables={"AWS_SHARED_CREDENTIALS_FILE": str(path)})
    authorization = head.get("authorization")
    key_id = authorization.split("Credential=")[1].split("/")[0] if authorization else None
    assert (key_id, head.get("x-amz-security-token")) == botocore_finds(path)


@pytest.mark.parametrize(
    "text",
    [
        "aws_access_key_id=x\n",
        "[default\nx=y\n",
        "[default]\nnonsense\n",
        "[default]\naws_access_key_id=x\n",
        "[default]\naws_secret_access_key=very-secret\n",
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path, text):
    path = tmp_path / "credentials"
    path.write_text(text)
    done = run_command("sessions", "list", variables={"AWS_SHARED_CREDENTIALS_FILE": str(path)})
    assert done.returncode == USAGE and str(path) in done.stderr
    assert "very-secret" not in done.stderr


def test_tells_the_region_of_the_config_file(listener, tmp_path):
    config = tmp_path / "config"
    config.write_text("[profile ops]\nregion = ap-south-1\n[profile 'quiet ops']\nregion=eu-south-2\n")
    keys = {"aws_access_key_id": "AKIAODD", "aws_secret_access_key": "s"}
    credentials = tmp_path / "credentials"
    lines = "".join(f"{name}={value}\n" for name, value in keys.items())
    credentials.write_text(f"[ops]\n{lines}[quiet ops]\n{lines}")
    files = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    for profile in ("ops", "quiet ops"):
        region = botocore.configloader.load_config(str(config))["profiles"][profile]["region"]
        assert (
            f"/{region}/execute-api/"
            in sent(listener, "--profile", profile, variables=files)["authorization"]
        )


def test_sends_the_token_of_a_file(listener, tmp_path):
    path = tmp_path / "token"
    path.write_text("eyJhbGciOiJFUzI1NiJ9.e30.c2ln\n")
    head = sent(listener, "--bearer-token-file", str(path))
    assert head["authorization"] == "Bearer eyJhbGciOiJFUzI1NiJ9.e30.c2ln"
    assert "x-amz-date" not in head


def other_address():
    """An address of this machine that is not its loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # Nothing is sent.
        except OSError:
            return None
        return probe.getsockname()[0]


def test_warns_before_a_session_token_goes_in_the_clear(listener):
    keys = {"AWS_ACCESS_KEY_ID": "AKIAODD", "AWS_SECRET_ACCESS_KEY": "s"}
    token = {**keys, "AWS_SESSION_TOKEN": "FwoG"}
    url = f"http://127.0.0.1:{listener.port}"
    done = run_command("sessions", "list", "--endpoint", url, variables=token)
    assert "warning" not in done.stderr
    address = other_address()
    if address is None or address.startswith("127."):
        pytest.skip("this machine has no other address than its loopback")
    for variables_, warns in ((token, True), (keys, False)):
        url = f"http://{address}:{listener.port}"
        done = run_command("sessions", "list", "--endpoint", url, variables=variables_)
        assert ("warning" in done.stderr) == warns and "FwoG" not in done.stderr


def test_explains_its_options():
    for command in (["invoke"], ["sessions", "list"]):
        shown = subprocess.run(
            [BINARY, *command, "--help"],
            env=clean_environment({}),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for option in ("--profile", "--access-key-id", "--session-token", "--sts-server-id", "--no-sign"):
            assert option in shown
