"""with_moto.py COMMAND...: runs it against moto's DynamoDB, a second one that is not ours, where it is on the PATH."""

import os
import re
import shutil
import subprocess
import sys
import threading

SKIPPED = 77
ADDRESS = re.compile(rb"Running on (http://127\.0\.0\.1:\d+)")


def address_of(server):
    """None if it ends without having said it."""
    for line in server.stderr:
        if found := ADDRESS.search(line):
            # Read on: it tells of every request, and would stand still with a full pipe.
            threading.Thread(target=server.stderr.read, daemon=True).start()
            return found.group(1).decode()
    return None


def main():
    program = shutil.which("moto_server")
    if program is None:
        print("moto_server is not on the PATH")
        return SKIPPED
    with subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as server:
        try:
            address = address_of(server)
            if address is None:
                print("moto_server ended without an address", file=sys.stderr)
                return 1
            environment = {**os.environ, "SKYMARSHAL_DYNAMODB_ENDPOINT": address}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
