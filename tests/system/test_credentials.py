"""AWS credentials: the command line finds what botocore finds, with the same files, variables and servers."""

import dataclasses
import json
import pathlib
import stat
import subprocess
import sys
import time

import pytest
from peers.credential_setups import KNOWN_KEYS, SETUPS, Setup
from peers.fake_aws import FakeAws, say
from peers.gateway_process import clean_environment, run_command
from peers.listener import Listener

USAGE = 2
BOTOCORE = pathlib.Path(__file__).parent / "peers" / "botocore_credentials.py"


@pytest.fixture
def aws():
    server = FakeAws(KNOWN_KEYS)
    yield server
    server.stop()


@pytest.fixture
def listener():
    server = Listener()
    yield server
    server.stop()


class Place:
    """A home folder and variables, as a set-up says."""

    def __init__(self, setup, aws, home):
        self.setup = setup
        self.home = home
        (home / ".aws").mkdir(parents=True)
        aws.container_token = setup.container_token
        aws.role_name = setup.role_name

        def filled(text):
            return text.replace("{url}", aws.url).replace("{home}", str(home))

        for name, content in {
            ".aws/credentials": setup.credentials,
            ".aws/config": setup.config,
            **setup.files,
        }.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(filled(content if isinstance(content, str) else json.dumps(content)))
            path.chmod(0o700)
        self.variables = {
            "HOME": str(home),
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL": aws.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_METADATA_SERVICE_TIMEOUT": "20",
            **{name: filled(value) for name, value in setup.environment.items()},
        }


class Botocore:
    """botocore in a process of its own."""

    def __init__(self):
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            [sys.executable, str(BOTOCORE)],
            env=clean_environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def finds(self, place, aws):
        """[id, secret, token], or None."""
        environment = {**clean_environment({}), **place.variables}
        asked = {"environment": environment, "profile": place.setup.profile, "endpoint": aws.url}
        self._process.stdin.write(json.dumps(asked) + "\n")
        return json.loads(self._process.stdout.readline())["key"]

    def stop(self):
        self._process.stdin.close()
        self._process.wait(60)


@pytest.fixture(scope="module")
def botocore():
    process = Botocore()
    yield process
    process.stop()


def we_find(place, listener, *arguments):
    """([id, token] or None, what was said)"""
    before = len(listener.heads)
    profile = ["--profile", place.setup.profile] if place.setup.profile else []
    url = f"http://127.0.0.1:{listener.port}"
    done = run_command(
        "sessions", "list", "--endpoint", url, *profile, *arguments, variables=place.variables
    )
    said = done.stdout + done.stderr
    if len(listener.heads) == before:
        assert done.returncode == USAGE, said
        return None, said
    authorization = listener.heads[-1].get("authorization")
    if authorization is None:
        return None, said
    return [
        authorization.split("Credential=")[1].split("/")[0],
        listener.heads[-1].get("x-amz-security-token"),
    ], said


@pytest.mark.parametrize("name", SETUPS)
def test_finds_what_botocore_finds(aws, listener, botocore, tmp_path, name):
    setup = SETUPS[name]
    # Each has a home of its own, as one of them may write there.
    theirs = botocore.finds(Place(setup, aws, tmp_path / "theirs"), aws)
    ours, said = we_find(Place(setup, aws, tmp_path / "ours"), listener)
    assert (theirs is not None) == setup.found, theirs
    assert ours == (theirs and [theirs[0], theirs[2]]), said


def test_a_sign_in_that_was_renewed_here_is_good_for_botocore(aws, listener, botocore, tmp_path):
    place = Place(SETUPS["sso_session_renewed"], aws, tmp_path / "home")
    ours, said = we_find(place, listener)
    assert ours, said
    (token,) = (place.home / ".aws/sso/cache").iterdir()
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    held = json.loads(token.read_text())
    assert held["accessToken"] == "good-renewed" and held["refreshToken"] == "refresh-next"
    renewals = len([path for _, path, _, _ in aws.requests if path == "/token"])
    assert botocore.finds(place, aws)[0] == ours[0]
    assert we_find(place, listener)[0] == ours
    assert len([path for _, path, _, _ in aws.requests if path == "/token"]) == renewals == 1


def test_says_to_sign_in_again(aws, listener, tmp_path):
    setup = dataclasses.replace(SETUPS["sso_without_token"], config="")
    setup.config = SETUPS["sso_without_token"].config.replace("[default]", "[profile ops]")
    setup.profile = "ops"
    found, said = we_find(Place(setup, aws, tmp_path / "home"), listener)
    assert found is None and "aws sso login --profile ops" in said


def never_answers(_):
    time.sleep(600)


@pytest.mark.parametrize("name", ["container", "role", "sso"])
def test_waits_for_no_server_without_end(aws, listener, tmp_path, name):
    aws.script = never_answers
    place = Place(SETUPS[name], aws, tmp_path / "home")
    begun = time.monotonic()
    found, said = we_find(place, listener)
    assert found is None and "127.0.0.1" in said
    assert time.monotonic() - begun < 60


def test_a_metadata_service_that_never_answers_is_none(aws, listener, tmp_path):
    aws.script = never_answers
    place = Place(SETUPS["instance"], aws, tmp_path / "home")
    begun = time.monotonic()
    assert we_find(place, listener)[0] is None
    assert time.monotonic() - begun < 60
    assert {path for _, path, _, _ in aws.requests} == {"/latest/api/token"}


def test_says_of_every_source_why_it_gave_nothing(aws, listener, tmp_path):
    setup = Setup(credentials="[ops]\nregion = eu-west-1\n", profile="ops")
    _, said = we_find(Place(setup, aws, tmp_path / "home"), listener)
    for source in ("role", "web identity", "SSO", "credentials file", "process", "config file", "container"):
        assert f"  {source}: " in said
    assert "AWS_EC2_METADATA_DISABLED" in said and "  environment: " not in said


def echoes(handler):
    """All that was sent, as the reason why it is refused."""
    everything = json.dumps(dict(handler.headers)) + handler.path
    say(handler, 400, json.dumps({"Error": {"Code": everything, "Message": everything}, "message": everything}))
    return True


@pytest.mark.parametrize("name", ["container_with_token", "role_chain", "web_identity", "sso", "instance"])
def test_shows_nothing_of_what_a_server_says(aws, listener, tmp_path, name):
    aws.script = echoes
    found, said = we_find(Place(SETUPS[name], aws, tmp_path / "home"), listener)
    assert found is None
    assert "Authorization" not in said and "bearer" not in said


def test_no_sign_asks_nobody(aws, listener, tmp_path):
    assert we_find(Place(SETUPS["container"], aws, tmp_path / "home"), listener, "--no-sign")[0] is None
    assert not aws.requests


def test_authorities_of_ones_own(aws, listener, tmp_path):
    """AWS_CA_BUNDLE is what an https endpoint is judged by."""
    place = Place(SETUPS["web_identity"], aws, tmp_path / "home")
    place.variables["AWS_ENDPOINT_URL"] = aws.url.replace("http:", "https:")
    place.variables["AWS_CA_BUNDLE"] = str(tmp_path / "gone.pem")
    found, said = we_find(place, listener)
    assert found is None and "gone.pem" in said
