"""A program of its own, so that it has variables and a home of its own: for each line of standard input, a JSON
object with `environment`, `profile` and `endpoint` (where STS and SSO are), it prints the credentials that
botocore finds, as JSON. Each is found in a child: importing botocore takes longer than all else."""

import json
import os
import sys

import botocore.credentials
import botocore.session
import botocore.tokens


def find(environment, profile, endpoint):
    os.environ.clear()
    os.environ.update(environment)
    # Made of the home folder when botocore was imported.
    cache = os.path.expanduser("~/.aws/sso/cache")
    botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR = cache  # pylint: disable=protected-access
    botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache  # pylint: disable=protected-access
    session = botocore.session.Session(profile=profile or None)
    make = session.create_client

    def create_client(service, *arguments, **options):
        # This version knows no AWS_ENDPOINT_URL.
        return make(service, *arguments, **{"endpoint_url": endpoint, **options})

    session.create_client = create_client
    found = session.get_credentials()
    frozen = found.get_frozen_credentials() if found else None
    return [frozen.access_key, frozen.secret_key, frozen.token] if frozen else None


def answer(line):
    try:
        return {"key": find(**json.loads(line))}
    except Exception as failure:  # pylint: disable=broad-except
        return {"key": None, "failure": repr(failure)}


for asked in sys.stdin:
    child = os.fork()
    if child == 0:
        print(json.dumps(answer(asked)), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
