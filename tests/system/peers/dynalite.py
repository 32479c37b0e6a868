"""DynamoDB's API by somebody else, as a process of its own, with the tables that `skymarshal store init` makes."""

import itertools
import subprocess

import botocore.session

from .gateway_process import AWS_CREDENTIALS, die_with_parent, run_command
from .node import FOLDER, node_program

TABLES = ("sessions", "invocations", "limits")
STOP_SECONDS = 20


def fits_but_for_ttl(done):
    """What `store init` and `store check` say of tables in dynalite, which has no TTL, where they fit."""
    problems = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    ttl = "  items do not go by themselves: switch TTL on for the attribute ttl"
    return done.returncode == 1 and done.stderr == "" and problems == [ttl] * len(TABLES)


class Dynalite:
    """Holds everything in memory: what is stopped has forgotten all. Ends with whoever started it."""

    def __init__(self, port=0):
        self.port = port
        self._process = None
        self._numbers = itertools.count(1)
        self.start()

    def start(self):
        """On the port that it had before, if it had one."""
        self._process = subprocess.Popen(
            [node_program(), str(FOLDER / "dynalite.js"), str(self.port)],
            cwd=FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )
        line = self._process.stdout.readline()
        assert line.strip(), "dynalite said nothing: `./dev setup test` installs it"
        self.port = int(line)

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self):
        """What a gateway or a command needs to find it."""
        return {"dynamodb_endpoint": self.url()}

    def client(self):
        return botocore.session.get_session().create_client(
            "dynamodb",
            region_name="us-east-1",
            endpoint_url=self.url(),
            aws_access_key_id="a",
            aws_secret_access_key="b",
        )

    def create_tables(self):
        """Those that a gateway looks for by itself."""
        self._create({})

    def create_tables_apart(self):
        """Tables of a test's own. Gives the settings that name them."""
        prefix = f"test{next(self._numbers)}"
        names = {f"{name[:-1]}_table_name": f"{prefix}-{name}" for name in TABLES}
        self._create(names)
        return names

    def _create(self, names):
        variables = dict(AWS_CREDENTIALS)
        if "session_table_name" in names:
            variables["SESSION_TABLE_NAME"] = names["session_table_name"]
        others = {name: value for name, value in names.items() if name != "session_table_name"}
        done = run_command("store", "init", settings={**self.settings, **others}, variables=variables)
        assert fits_but_for_ttl(done), (done.stdout, done.stderr)

    def stop(self):
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
