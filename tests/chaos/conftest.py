"""Chaos runs against the binary that SKYMARSHAL_BIN names; CI names the sanitizer build."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from peers.fixtures import *  # noqa: E402,F401,F403 - pytest finds fixtures by their names here
