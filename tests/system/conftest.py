"""The black-box tests talk to the binary that SKYMARSHAL_BIN names (default: build/release/skymarshal)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from peers.fixtures import *  # noqa: E402,F401,F403 - pytest finds fixtures by their names here
