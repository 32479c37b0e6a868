"""The processes of a benchmark run: runtime stub, gateway, and nginx as a plain WebSocket pass-through.

Each is a context manager that waits until it listens, and ends only what it started. Measures nothing.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

START_SECONDS = 30
STOP_SECONDS = 30

# The benchmark drives more invocations at a time than the gateway allows one machine by default.
GATEWAY_SETTINGS = {
    "SKYMARSHAL_AUTH": "none",
    "SKYMARSHAL_MAX_CONCURRENT_INVOCATIONS": "2000",
    "SKYMARSHAL_MAX_QUEUED_INVOCATIONS": "4000",
}

NGINX_CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.err warn;
worker_processes auto;
worker_rlimit_nofile 16384;
{user}
events {{ worker_connections 8000; }}
http {{
  access_log off;
  tcp_nodelay on;
  client_body_temp_path {folder}/nginx-body;
  proxy_temp_path {folder}/nginx-proxy;
  fastcgi_temp_path {folder}/nginx-fastcgi;
  uwsgi_temp_path {folder}/nginx-uwsgi;
  scgi_temp_path {folder}/nginx-scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location /ws {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      proxy_set_header Host $host;
      proxy_read_timeout 300s;
    }}
  }}
}}
"""


class BenchError(Exception):
    """The run cannot go on; the message says why."""


class Server:
    """A process with its output in files, which never fill up and block it as a pipe would."""

    standard_input = subprocess.DEVNULL

    def __init__(self, name, command, folder, environment=None):
        self.name = name
        self.port = 0
        self._command = command
        self._environment = environment
        self._output = os.path.join(folder, f"{name}.out")
        self._errors = os.path.join(folder, f"{name}.err")
        self._process = None

    def __enter__(self):
        if not os.access(self._command[0], os.X_OK):
            raise BenchError(f"{self._command[0]} is no program; build it first (./dev build)")
        with open(self._output, "wb") as output, open(self._errors, "wb") as errors:
            self._process = subprocess.Popen(
                self._command, stdin=self.standard_input, stdout=output, stderr=errors, env=self._environment
            )
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def output(self):
        with open(self._output, encoding="utf-8", errors="replace") as file:
            return file.read()

    def pids(self):
        """The process and, where it has some, its workers."""
        pid = self._process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [pid, *(int(child) for child in file.read().split())]

    def stop(self):
        """Asks it to end, and returns its exit status; kills it if it does not."""
        if self._process.poll() is None:
            self.ask_to_end()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return self._process.returncode

    def ask_to_end(self):
        self._process.send_signal(signal.SIGTERM)

    def find_port(self):
        raise NotImplementedError

    def _wait_until_it_listens(self):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            self.port = self.find_port()
            if self.port:
                return
            time.sleep(0.02)
        with open(self._errors, encoding="utf-8", errors="replace") as file:
            last_words = file.read()[-2000:] or self.output()[-2000:]
        raise BenchError(f"{self.name} did not start to listen ({' '.join(self._command)}):\n{last_words}")


class RuntimeStub(Server):
    def __init__(self, binary, folder, name="stub", options=()):
        super().__init__(name, [binary, *options], folder)

    def find_port(self):
        found = re.match(r"listening (\d+)\n", self.output())
        return int(found[1]) if found else 0

    def counts(self):
        """What it counted in its life; only after stop()."""
        return json.loads(self.output().splitlines()[-1])


class Gateway(Server):
    def __init__(self, binary, folder, stub, name="gateway", settings=None):
        environment = {**os.environ, **GATEWAY_SETTINGS, **(settings or {})}
        environment["SKYMARSHAL_RUNTIME_URL"] = f"ws://127.0.0.1:{stub.port}/ws"
        environment["SKYMARSHAL_DATABASE"] = os.path.join(folder, f"{name}.sqlite")
        super().__init__(name, [binary, "serve", "--listen", "127.0.0.1:0"], folder, environment)

    def find_port(self):
        found = re.search(r"^skymarshal: listening on http://[^\s/]*:(\d+)", self.output(), re.MULTILINE)
        return int(found[1]) if found else 0


class Nginx(Server):
    def __init__(self, binary, folder, stub, name="nginx"):
        # It cannot say which port it took: one that was free a moment ago must do.
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._chosen_port = probe.getsockname()[1]
        own_folder = os.path.join(folder, name)
        os.makedirs(own_folder)
        config = os.path.join(own_folder, "nginx.conf")
        user = "user root;" if os.geteuid() == 0 else ""
        with open(config, "w", encoding="ascii") as file:
            file.write(NGINX_CONFIG.format(folder=own_folder, user=user, port=self._chosen_port,
                                           upstream=stub.port))
        command = [binary, "-c", config, "-p", own_folder, "-e", os.path.join(own_folder, "nginx.err")]
        super().__init__(name, command, folder)

    def find_port(self):
        try:
            with socket.create_connection(("127.0.0.1", self._chosen_port), 1):
                return self._chosen_port
        except OSError:
            return 0


def find_nginx():
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def ping(stub):
    """The stub's health answer, as the gateway's probe sees it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{stub.port}/ping", timeout=5) as answer:
        return json.loads(answer.read())
