"""A runtime in a process of its own, which says where it listens."""

import re
import subprocess
import threading

from .gateway_process import BINARY, clean_environment
from .node import FOLDER


class RuntimeProcess:
    """It is ended by the end of its input, or else by a signal."""

    def __init__(self, *command, **options):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=FOLDER,
            **options,
        )
        line = self.process.stdout.readline()
        found = re.search(r"listening on (?:ws://127\.0\.0\.1:)?(\d+)", line)
        if not found:
            self.process.kill()
            raise AssertionError(f"{line!r} {self.process.communicate()[1]}")
        self.port = int(found.group(1))
        # Its logs would fill the pipes.
        for pipe in (self.process.stdout, self.process.stderr):
            threading.Thread(target=pipe.read, daemon=True).start()

    @staticmethod
    def embedded():
        """`skymarshal runtime`."""
        return RuntimeProcess(BINARY, "runtime", "--listen", "127.0.0.1:0", env=clean_environment({}))

    def stop(self, by_signal=False):
        if by_signal:
            self.process.terminate()
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
