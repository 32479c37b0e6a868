"""A program of its own: prints the credentials that botocore finds, as JSON, with this process's variables and
files. Arguments: the profile (or nothing), and where STS and SSO are."""

import json
import sys

import botocore.session

profile, endpoint = sys.argv[1:3]
session = botocore.session.Session(profile=profile or None)
make = session.create_client


def create_client(service, *arguments, **options):
    # This version knows no AWS_ENDPOINT_URL.
    return make(service, *arguments, **{"endpoint_url": endpoint, **options})


session.create_client = create_client
try:
    found = session.get_credentials()
    frozen = found.get_frozen_credentials() if found else None
    answer = {"key": [frozen.access_key, frozen.secret_key, frozen.token] if frozen else None}
except Exception as failure:  # pylint: disable=broad-except
    answer = {"key": None, "failure": repr(failure)}
print(json.dumps(answer))
