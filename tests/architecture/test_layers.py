"""The layers of docs/architecture.md hold: no folder of src includes what its row does not allow."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src"


def allowed_includes():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("| folder | may include |", 1)[1].split("\n\n", 1)[0]
    rows = re.findall(r"^\| (\w+) \| (.+?) \|$", table, flags=re.MULTILINE)
    return {folder: set(re.findall(r"\w+", allowed)) for folder, allowed in rows}


def own_includes(path):
    return re.findall(r'^\s*#include "([\w/.]+)"', path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def source_files():
    return sorted(p for p in SOURCES.rglob("*") if p.suffix in (".hpp", ".cpp"))


def test_every_folder_has_its_row():
    folders = {p.name for p in SOURCES.iterdir() if p.is_dir()}
    assert folders == set(allowed_includes())


def test_no_folder_includes_what_it_must_not():
    allowed = allowed_includes()
    wrong = []
    for path in source_files():
        folder = path.relative_to(SOURCES).parts[0]
        for include in own_includes(path):
            target = include.split("/")[0]
            if target != folder and target not in allowed[folder]:
                wrong.append(f"{path.relative_to(ROOT)} includes {include}")
    assert not wrong, "\n".join(wrong)


def test_folders_are_two_levels_deep_at_most():
    deeper = [str(p.relative_to(ROOT)) for p in source_files() if len(p.relative_to(SOURCES).parts) != 2]
    assert not deeper


def test_the_core_opens_no_sockets():
    forbidden = re.compile(r"#include <boost/(asio/(ip|ssl|connect|read|write|local)|beast)")
    wrong = [
        str(p.relative_to(ROOT))
        for folder in ("base", "http", "limits", "invocations", "gateway")
        for p in (SOURCES / folder).iterdir()
        if forbidden.search(p.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_beast_and_tls_stay_out_of_public_headers():
    """Two internal headers of net hold templates that two files instantiate; no other header may."""
    internal = {"net/websocket_stream.hpp", "net/tls_verification.hpp"}
    wrong = [
        str(p.relative_to(SOURCES))
        for p in source_files()
        if p.suffix == ".hpp"
        and re.search(r"#include <boost/(beast|asio/ssl)", p.read_text(encoding="utf-8"))
        and str(p.relative_to(SOURCES)) not in internal
    ]
    assert not wrong


def test_no_file_grows_beyond_reason():
    long = [
        f"{p.relative_to(ROOT)}: {lines} lines"
        for p in source_files()
        if (lines := len(p.read_text(encoding="utf-8").splitlines())) > 400
    ]
    assert not long


def test_every_source_file_has_its_test():
    """tests/unit/<folder>/<name>_test.cpp tests src/<folder>/<name>.cpp."""
    covered_elsewhere = {
        # Two instantiations of one template, which websocket_client_test exercises.
        "net/websocket_plain.cpp", "net/websocket_tls.cpp",
        # A private part of Server, which server_test exercises.
        "server/io_thread.cpp",
        # The entry point: the system tests run it.
        "app/main.cpp",
    }
    missing = []
    for path in source_files():
        name = path.relative_to(SOURCES)
        test = ROOT / "tests" / "unit" / name.parent / f"{name.stem}_test.cpp"
        if path.suffix == ".cpp" and str(name) not in covered_elsewhere and not test.exists():
            missing.append(str(name))
    assert not missing, f"without a unit test: {missing}"
