"""DynamoDB's API by somebody else, as a process of its own, with tables as the gateway wants them."""

import itertools
import subprocess

import botocore.session

from .gateway_process import die_with_parent
from .node import FOLDER, node_program

# Keys and indexes of each: partition, sort (a number), what an index has besides keys.
TABLES = {
    "sessions": (("session_id", "timestamp"), {"user-sessions-index": ("user_id", "timestamp", ())}),
    "invocations": (
        ("request_id", "seq"),
        {
            "owner-invocations-index": (
                "user_id",
                "listed_at",
                ("session_id", "state", "accepted_at", "ended_at"),
            ),
            "open-invocations-index": ("runner", "listed_at", ("stop_asked",)),
        },
    ),
    "limits": (("client_id", "window"), {}),
}
STOP_SECONDS = 20


class Dynalite:
    """Ends with its standard input, and so with whoever started it."""

    def __init__(self):
        self._process = subprocess.Popen(
            [node_program(), str(FOLDER / "dynalite.js")],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=die_with_parent,
        )
        self.port = int(self._process.stdout.readline())
        self._numbers = itertools.count(1)

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self):
        return botocore.session.get_session().create_client(
            "dynamodb",
            region_name="us-east-1",
            endpoint_url=self.url(),
            aws_access_key_id="a",
            aws_secret_access_key="b",
        )

    def create_tables(self, prefix=None):
        """Fresh ones under this prefix, or under one of their own. Gives the settings that name them."""
        prefix = prefix or f"test{next(self._numbers)}"
        client = self.client()
        for name, (keys, indexes) in TABLES.items():
            client.create_table(**definition(f"{prefix}-{name}", keys, indexes))
        for name in TABLES:
            client.get_waiter("table_exists").wait(
                TableName=f"{prefix}-{name}", WaiterConfig={"Delay": 0.05, "MaxAttempts": 400}
            )
        return {f"{name[:-1]}_table_name": f"{prefix}-{name}" for name in TABLES}

    def stop(self):
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        finally:
            self._process.kill()


def definition(name, keys, indexes):
    pairs = [keys] + [index[:2] for index in indexes.values()]
    types = {key: kind for pair in pairs for key, kind in zip(pair, "SN")}
    table = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": key, "AttributeType": kind} for key, kind in types.items()
        ],
        "KeySchema": key_schema(keys),
    }
    if indexes:
        table["GlobalSecondaryIndexes"] = [
            {"IndexName": index, "KeySchema": key_schema((partition, sort)), "Projection": projection(more)}
            for index, (partition, sort, more) in indexes.items()
        ]
    return table


def key_schema(keys):
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"))]


def projection(attributes):
    if not attributes:
        return {"ProjectionType": "KEYS_ONLY"}
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(attributes)}
