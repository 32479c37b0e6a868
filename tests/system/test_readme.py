"""The README's transcript is true: every `console` block is run, and must print what it says.

A line that begins with "$ " is a command; what follows is its output, in which "…" stands for anything.
"""

import os
import pathlib
import re
import subprocess

from peers.gateway_process import BINARY

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def transcript():
    """(command, expected output) in the order of the page."""
    steps = []
    for block in re.findall(r"^```console\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while command.endswith("\\"):
                line, _, output = output.partition("\n")
                command = command[:-1] + " " + line.strip()
            steps.append((command, output))
    return steps


def matches(expected, printed):
    pattern = ".*".join(re.escape(piece) for piece in expected.rstrip().split("…"))
    return re.fullmatch(pattern, printed.rstrip(), flags=re.DOTALL) is not None


def test_the_transcript_is_true(start_gateway):
    steps = transcript()
    assert len(steps) >= 4, "the README shows the gateway at work"
    gateway = start_gateway(arguments=["--dev"])
    environment = dict(os.environ, PATH=f"{pathlib.Path(BINARY).parent}:{os.environ['PATH']}")
    for command, expected in steps:
        command = command.replace("http://127.0.0.1:8080", gateway.url)
        if command.startswith("skymarshal invoke"):
            command = command.replace("skymarshal invoke", f"skymarshal invoke --endpoint {gateway.url}", 1)
        done = subprocess.run(
            ["bash", "-c", command], capture_output=True, text=True, timeout=60, env=environment, check=False
        )
        printed = (done.stdout + done.stderr).replace(gateway.url, "http://127.0.0.1:8080")
        assert matches(expected, printed), f"$ {command}\nexpected:\n{expected}\nprinted:\n{printed}"


def test_the_api_table_names_only_routes_that_exist(start_gateway):
    gateway = start_gateway(arguments=["--dev"])
    rows = re.findall(r"^\| (GET|POST|DELETE) `(/api/v1/[^`]+)` \|", README, flags=re.MULTILINE)
    assert len(rows) == 10
    for method, path in rows:
        done = subprocess.run(["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", method,
                               gateway.url + path.replace("{session_id}", "none")],
                              capture_output=True, text=True, timeout=30, check=True)
        assert done.stdout not in ("405", "501"), f"{method} {path}"


def test_links_lead_somewhere():
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
