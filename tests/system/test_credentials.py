"""AWS credentials: the command line finds what botocore finds, with the same files, variables and servers."""

import json
import os
import pathlib
import stat
import subprocess
import sys
import time

import pytest
from peers.credential_setups import ENV, INSTANCE, KNOWN_KEYS, SETUPS, Setup, keys
from peers.fake_aws import FakeAws, made_of
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


def botocore_finds(place, aws):
    """[id, secret, token], or None."""
    done = subprocess.run(
        [sys.executable, str(BOTOCORE), place.setup.profile, aws.url],
        env={**clean_environment({}), **place.variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return json.loads(done.stdout)["key"]


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


def planted_secrets(aws):
    """All that nobody may see, as far as it was given or sent."""
    tokens = ["token-of-" + key_id for key_id in aws.keys]
    of_files = ["web-identity-token", "another-token", "client-secret", "refresh-good", "refresh-next"]
    return [*aws.keys.values(), *tokens, *of_files, "good-renewed", "Basic abc"]


@pytest.mark.parametrize("name", SETUPS)
def test_finds_what_botocore_finds(aws, listener, tmp_path, name):
    setup = SETUPS[name]
    # Each has a home of its own, as one of them may write there.
    theirs = botocore_finds(Place(setup, aws, tmp_path / "theirs"), aws)
    ours, said = we_find(Place(setup, aws, tmp_path / "ours"), listener)
    assert (theirs is not None) == setup.found, theirs
    assert ours == (theirs and [theirs[0], theirs[2]]), said
    for secret in planted_secrets(aws):
        assert secret not in said
