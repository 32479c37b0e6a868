"""Does each source of src compile by itself? Builds compile many as one, where a missing include goes unnoticed.

usage: each_alone.py BUILD_FOLDER: one whose compile_commands.json names the sources and whose precompiled headers are
built. A source is looked at again only when it, a header or its command has changed.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
STAMPS = ROOT / "build" / "alone"


def is_fine(command, headers):
    arguments = shlex.split(command["command"])
    compiler = next(i for i, word in enumerate(arguments) if "clang++" in pathlib.Path(word).name)
    arguments = arguments[compiler:] + ["-fsyntax-only"]
    content = pathlib.Path(command["file"]).read_bytes()
    stamp = STAMPS / hashlib.sha256(headers + content + command["command"].encode()).hexdigest()[:32]
    if stamp.exists():
        return True
    done = subprocess.run(arguments, cwd=command["directory"], capture_output=True, text=True)
    sys.stderr.write(done.stderr)
    if done.returncode == 0:
        stamp.touch()
    return done.returncode == 0


def main():
    commands = json.loads((pathlib.Path(sys.argv[1]) / "compile_commands.json").read_text(encoding="utf-8"))
    sources = [c for c in commands if pathlib.Path(c["file"]).is_relative_to(ROOT / "src")]
    headers = b"".join(p.read_bytes() for p in sorted((ROOT / "src").rglob("*.hpp")))
    STAMPS.mkdir(parents=True, exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        fine = list(pool.map(lambda command: is_fine(command, headers), sources))
    if not sources or not all(fine):
        sys.exit(f"{fine.count(False)} of {len(sources)} sources of src do not compile by themselves")


main()
