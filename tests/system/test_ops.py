"""The operations database on the command line: what goes in comes out, what is wrong is named by line."""

import json
import pathlib
import shutil
import subprocess

import pytest
from peers.gateway_process import run_command

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
DONE, FAILED, USAGE = 0, 1, 2


@pytest.fixture
def database(tmp_path):
    return str(tmp_path / "ops.db")


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "csv", ignore=shutil.ignore_patterns("*.md"))


def test_generating_the_sample_again_gives_the_same_bytes(tmp_path):
    script = ROOT / "data" / "generate_sample.py"
    subprocess.run(["/usr/bin/python3", str(script), str(tmp_path)], check=True, timeout=60)
    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert made == {path.name: path.read_bytes() for path in SAMPLE.glob("*.csv")}


def test_the_built_in_sample_is_the_one_of_the_files(folder, database, tmp_path):
    built_in = run_command("ops", "import", "--sample", "--ops-database", database)
    assert built_in.returncode == DONE, built_in.stderr
    other = str(tmp_path / "other.db")
    from_files = run_command("ops", "import", str(folder), "--ops-database", other)
    assert from_files.returncode == DONE, from_files.stderr
    assert built_in.stdout.splitlines()[:-1] == from_files.stdout.splitlines()[:-1]
    show = ["ops", "show", "EY283", "--json", "--ops-database"]
    assert run_command(*show, database).stdout == run_command(*show, other).stdout


def test_shows_a_flight_as_json(database):
    assert run_command("ops", "import", "--sample", "--ops-database", database).returncode == DONE
    flight = json.loads(run_command("ops", "show", "EY283", "--json", "--ops-database", database).stdout)
    assert flight["flight"]["registration"] == "A6-BNC"
    assert sum(b["passengers"] for b in flight["bookings"]) == 286
    assert sum(b["passengers"] for b in flight["bookings"] if "onward_flight" in b) == 51


def test_names_the_line_and_keeps_what_was_there(folder, database):
    assert run_command("ops", "import", str(folder), "--ops-database", database).returncode == DONE
    flights = folder / "flights.csv"
    lines = flights.read_text(encoding="utf-8").splitlines()
    line = next(i for i, text in enumerate(lines) if text.startswith("EY283,"))
    lines[line] = lines[line].replace("BKK,AUH", "BKK,XXX")
    flights.write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    refused = run_command("ops", "import", str(folder), "--ops-database", database)
    assert refused.returncode == USAGE
    assert f"flights.csv:{line + 1}: destination: XXX is in no row of airports.csv" in refused.stderr
    assert run_command("ops", "show", "EY283", "--ops-database", database).returncode == DONE


def test_says_how_to_import(database):
    refused = run_command("ops", "show", "EY283", "--ops-database", database)
    assert refused.returncode == FAILED and "skymarshal ops import" in refused.stderr
