"""Where the server agrees to listen, and how it says no."""

import socket

import pytest
from peers.gateway_process import run_command


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0"])
def test_refuses_the_open_network_without_auth(tmp_path, address):
    done = run_command(
        "serve",
        "--listen",
        address,
        "--auth",
        "none",
        settings={"database": tmp_path / "sessions.db"},
        seconds=20,
    )
    assert done.returncode not in (0, 99)
    assert "listening on" not in done.stdout
    assert "auth" in done.stderr.lower()


def test_dev_mode_stays_on_the_loopback_too(tmp_path):
    done = run_command(
        "serve", "--dev", "--listen", "0.0.0.0:0", settings={"database": tmp_path / "sessions.db"}, seconds=20
    )
    assert done.returncode not in (0, 99) and "listening on" not in done.stdout


def test_wants_to_be_told_that_everybody_may_call(tmp_path):
    done = run_command(
        "serve", "--listen", "127.0.0.1:0", settings={"database": tmp_path / "sessions.db"}, seconds=20
    )
    assert done.returncode not in (0, 99) and "auth" in done.stderr.lower()


def test_says_when_the_port_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_command(
            "serve",
            "--listen",
            f"127.0.0.1:{port}",
            "--auth",
            "none",
            settings={"database": tmp_path / "sessions.db", "runtime_url": "ws://127.0.0.1:1/ws"},
            seconds=20,
        )
    assert done.returncode not in (0, 99) and str(port) in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("connect_timeout_ms", "soon"),
        ("connect_timeout_ms", "0"),
        ("max_concurrent_invocations", "-1"),
        ("session_concurrency", "maybe"),
        ("runtime_url", "ws://user:secret@host/"),
        ("runtime_url", "ftp://host/"),
        ("log_level", "LOUD"),
    ],
)
def test_names_a_setting_that_it_cannot_use(tmp_path, name, value):
    settings = {"database": tmp_path / "sessions.db", name: value}
    done = run_command("serve", "--listen", "127.0.0.1:0", "--auth", "none", settings=settings, seconds=20)
    assert done.returncode not in (0, 99)
    assert name in done.stderr.lower() or name.replace("_", "-") in done.stderr.lower(), done.stderr


def test_says_when_the_database_cannot_be_opened(tmp_path):
    settings = {"database": tmp_path / "no such folder" / "sessions.db", "runtime_url": "ws://127.0.0.1:1/ws"}
    done = run_command("serve", "--listen", "127.0.0.1:0", "--auth", "none", settings=settings, seconds=20)
    assert done.returncode not in (0, 99) and done.stderr.strip()
