"""The gateway as a process of its own: started with settings in its environment, judged by how it ends."""

import ctypes
import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import threading

from . import clients
from .planted_secrets import expect_no_secret, plant
from .waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("SKYMARSHAL_BIN", str(ROOT / "build" / "release" / "skymarshal"))
# A sanitizer build starts slowly on a busy machine.
START_SECONDS = 60
STOP_SECONDS = 20
# None of them ends a process of ours, though each would end one that has not thought of it.
HARMLESS_SIGNALS = [
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGALRM,
    signal.SIGXFSZ,
    signal.SIGPIPE,
    signal.SIGVTALRM,
    signal.SIGPROF,
]
SANITIZER_OUTPUT = re.compile(r"Sanitizer|runtime error:|==\d+==")
# What a gateway that needs AWS is given. Its secrets, and what is signed with them, are in no output.
AWS_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAPLANTEDINTHETEST",
    "AWS_SECRET_ACCESS_KEY": plant("planted-secret/Q7zGm0+hush-hush-0123456789"),
    "AWS_SESSION_TOKEN": plant("planted-token/IQoJb3JpZ2luX2VjE+hush-hush=="),
    "AWS_REGION": "us-east-1",
}


LIBC = ctypes.CDLL(None)


def die_with_parent():
    """A test run that is killed must not leave servers behind (Linux, prctl(2))."""
    LIBC.prctl(1, signal.SIGKILL)


def clean_environment(settings):
    """Nothing of the tester's own environment but what a program needs to run."""
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        # On a machine of AWS's the command line would ask for its role.
        "AWS_EC2_METADATA_DISABLED": "true",
        "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:exitcode=99",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:exitcode=99",
        # Without a symbolizer of its own it would complain in the place where findings are looked for.
        "TSAN_OPTIONS": "exitcode=99:halt_on_error=0:print_suppressions=0:external_symbolizer_path=:"
        f"suppressions={ROOT / 'tests' / 'tsan.supp'}",
        "LOG_LEVEL": "INFO",
    }
    for name, value in settings.items():
        name = name.upper()
        environment[name if name == "LOG_LEVEL" else f"SKYMARSHAL_{name}"] = str(value)
    return environment


def run_command(*arguments, settings=None, variables=None, seconds=60, **options):
    """Runs `skymarshal` with these arguments to its end. `variables` are of other programs' names. It tells no
    secret, but for one that it has just made."""
    done = subprocess.run(
        [BINARY, *arguments],
        env={**clean_environment(settings or {}), **(variables or {})},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        **options,
    )
    expect_no_secret(done.stdout + done.stderr)
    return done


class GatewayProcess:
    """`skymarshal serve` on a free port. Settings are given by their names: `connect_timeout_ms=300`."""

    def __init__(self, folder, arguments=(), listen="127.0.0.1:0", variables=None, **settings):
        """`variables` are of other programs' names; a store of AWS's has credentials without them."""
        self._folder = pathlib.Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.database = str(settings.get("database") or self._folder / "sessions.db")
        settings.setdefault("database", self.database)
        self.max_running = int(settings.get("max_concurrent_invocations", 100))
        if variables is None:
            variables = AWS_CREDENTIALS if settings.get("store") == "dynamodb" else {}
        self._lines = queue.Queue()
        self._stdout = []
        self._stderr_path = self._folder / "stderr.txt"
        arguments = list(arguments)
        if "--dev" not in arguments and "--auth" not in arguments and "auth" not in settings:
            arguments += ["--auth", "none"]
        with open(self._stderr_path, "ab") as stderr:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--listen", listen, *arguments],
                env={**clean_environment(settings), **variables},
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                preexec_fn=die_with_parent,
            )
        threading.Thread(target=self._read_stdout, daemon=True).start()
        self.url = self._wait_for_address()
        self.scheme, self.host, port = re.fullmatch(r"(https?)://([^/]+):(\d+)/?", self.url).groups()
        self.port = int(port)

    def _read_stdout(self):
        for line in self.process.stdout:
            self._stdout.append(line.decode("utf-8", "replace").rstrip("\n"))
            self._lines.put(self._stdout[-1])
        self._lines.put(None)

    def _wait_for_address(self):
        seen = []
        while True:
            try:
                line = self._lines.get(timeout=START_SECONDS)
            except queue.Empty:
                self.kill()
                raise AssertionError(
                    f"no address within {START_SECONDS} s; stdout: {seen}, {self.stderr()}"
                ) from None
            if line is None:
                code = self.process.wait(STOP_SECONDS)
                raise AssertionError(
                    f"the gateway ended with {code}; stdout: {seen}, stderr: {self.stderr()}"
                )
            match = re.search(r"listening on (https?://\S+)", line)
            if match:
                return match.group(1)
            seen.append(line)

    def stderr(self):
        return self._stderr_path.read_text("utf-8", "replace")

    def log_lines(self, event):
        """The lines of its log that tell of this event, as far as they are written: the log is asynchronous."""
        whole_lines = self.stderr().split("\n")[:-1]
        lines = [json.loads(line) for line in whole_lines if line.startswith("{")]
        return [line for line in lines if line.get("event") == event]

    def wait_for_log(self, event, seconds=30.0):
        """The lines of its log that tell of this event, once there is one."""
        return wait_until(lambda: self.log_lines(event), f"{event} is in the log", seconds)

    @property
    def running(self):
        return self.process.poll() is None

    # -- requests ----------------------------------------------------------------------------------

    def request(self, method, target, body=None, headers=None, timeout=30):
        return clients.request(self.host, self.port, method, target, body, headers, timeout)

    def invoke(
        self, prompt="Flight EY283 from BKK to AUH is 3 hours late", headers=None, timeout=30, **fields
    ):
        return self.request("POST", "/api/v1/invoke", {"prompt": prompt, **fields}, headers, timeout)

    def get(self, target, **options):
        return self.request("GET", target, **options)

    def raw(self, **options):
        return clients.RawConnection(self.host, self.port, **options)

    def history(self, session_id):
        """All interactions of a session, page by page."""
        interactions, cursor = [], ""
        for _ in range(1000):
            answer = self.get(
                f"/api/v1/sessions/{session_id}?limit=500" + (f"&cursor={cursor}" if cursor else "")
            )
            if answer.status == 404:
                return []
            assert answer.status == 200, answer
            page = answer.json()
            interactions += page["interactions"]
            cursor = page.get("next_cursor")
            if not cursor:
                return interactions
        raise AssertionError("the history never ends")

    # -- what must hold after every test -----------------------------------------------------------

    def slots(self):
        """(running, queued, max_running) as health reports them."""
        counts = self.get("/api/v1/health").json()["invocations"]
        return counts["running"], counts["queued"], counts["max_running"]

    def wait_idle(self, seconds=30):
        """Free slots equal the configured number: property 20."""
        wait_until(
            lambda: self.slots() == (0, 0, self.max_running), f"free slots, now {self.slots()}", seconds
        )

    def open_sockets(self):
        """How many sockets the process holds (Linux, /proc); files of the database come and go."""
        folder = pathlib.Path(f"/proc/{self.process.pid}/fd")
        links = []
        for descriptor in folder.iterdir():
            try:
                links.append(os.readlink(descriptor))
            except FileNotFoundError:
                pass  # Closed since it was listed.
        return sum(link.startswith("socket:") for link in links)

    def signal(self, number):
        self.process.send_signal(number)

    def wait_exit(self, seconds=STOP_SECONDS):
        return self.process.wait(seconds)

    def stop(self, seconds=STOP_SECONDS):
        """Ends it as an operator does, and expects a clean end."""
        if self.running:
            self.signal(signal.SIGTERM)
        try:
            code = self.wait_exit(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"still running {seconds} s after SIGTERM: {self.stderr()[-4000:]}"
            ) from None
        assert code == 0, f"exit code {code}: {self.stderr()[-8000:]}"
        self.expect_no_sanitizer_output()
        self.expect_no_secret_output()

    def expect_no_sanitizer_output(self):
        text = self.stderr()
        found = SANITIZER_OUTPUT.search(text)
        assert not found, text[max(0, found.start() - 500) : found.start() + 8000]

    def expect_no_secret_output(self):
        expect_no_secret(self.stderr())
        expect_no_secret("\n".join(self._stdout))

    def kill(self):
        """As the kernel's out-of-memory killer does it."""
        if self.running:
            self.process.kill()
        self.process.wait()
