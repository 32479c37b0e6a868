"""The layers of docs/architecture.md hold: no folder of src includes what its row does not allow."""

import collections
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src"


def rooms():
    """Folders that hold sources, as the table names them: base, agents/rules, …"""
    return {str(p.parent.relative_to(SOURCES)) for p in source_files()}


def allowed_includes():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.split("| folder | may include | holds |", 1)[1].split("\n\n", 1)[0]
    rows = re.findall(r"^\| ([\w/]+) \| (.+?) \| .+? \|$", table, flags=re.MULTILINE)
    return {
        folder: rooms() if allowed == "all" else set(re.findall(r"[\w/]+", allowed)) for folder, allowed in rows
    }


def own_includes(path):
    return re.findall(r'^\s*#include "([\w/.]+)"', path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def source_files():
    return sorted(p for p in SOURCES.rglob("*") if p.suffix in (".hpp", ".cpp"))


def test_every_folder_has_its_row():
    assert rooms() == set(allowed_includes())


def test_no_folder_includes_what_it_must_not():
    allowed = allowed_includes()
    wrong = []
    for path in source_files():
        folder = str(path.parent.relative_to(SOURCES))
        for include in own_includes(path):
            target = include.rpartition("/")[0]
            if target != folder and target not in allowed[folder]:
                wrong.append(f"{path.relative_to(ROOT)} includes {include}")
    assert not wrong, "\n".join(wrong)


def test_a_folder_is_a_namespace():
    """base is the project's own namespace; main() has none."""
    wrong = []
    for path in source_files():
        folder = path.parent.relative_to(SOURCES)
        name = "skymarshal" if str(folder) == "base" else "::".join(("skymarshal", *folder.parts))
        opened = re.findall(r"^namespace (skymarshal[\w:]*) \{", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if path.name != "main.cpp" and name not in opened:
            wrong.append(f"{path.relative_to(ROOT)} opens {opened}, not {name}")
    assert not wrong, "\n".join(wrong)


def test_only_the_house_of_the_agents_has_folders_in_it():
    deeper = sorted(room for room in rooms() if "/" in room and not re.fullmatch(r"agents/\w+", room))
    assert not deeper


def test_a_folder_can_be_overlooked():
    crowded = {
        room: files for room in rooms() if (files := len([p for p in (SOURCES / room).iterdir() if p.is_file()])) > 45
    }
    assert not crowded


DEFINITIONS = [
    re.compile(pattern)
    for pattern in (
        r"(?:inline |static )*const(?:expr)? [^;={(]*?\b(\w+)(?:\[[^\]]*\])* ?[={]",
        r"(?:class|struct|enum class|enum) (\w+)",
        r"using (\w+) =",
        r"(?:inline |constexpr |static )*[A-Za-z_][\w:<>,&* ]*?[ &*](\w+)\(",
    )
]


def defined_names(text):
    """What stands at the beginning of a line, outside of classes and functions."""
    for line in text.splitlines():
        match = next(filter(None, (pattern.match(line) for pattern in DEFINITIONS)), None)
        if match:
            yield match.group(1)


def hidden_names(text):
    for block in re.findall(r"^namespace \{\n(.*?)^\}  // namespace$", text, flags=re.MULTILINE | re.DOTALL):
        yield from defined_names(block)


def test_hidden_names_are_unique_in_their_folder():
    """Sources of a folder are compiled as one: a hidden name would silently stand for a neighbour's of that name."""
    wrong = []
    for room in sorted(rooms()):
        files = [p for p in (SOURCES / room).iterdir() if p.suffix in (".hpp", ".cpp")]
        texts = {p: p.read_text(encoding="utf-8") for p in files}
        homes = collections.defaultdict(set)
        for path, text in texts.items():
            for name in hidden_names(text) if path.suffix == ".cpp" else defined_names(text):
                homes[name].add(path)
        hidden = {name for path, text in texts.items() if path.suffix == ".cpp" for name in hidden_names(text)}
        for name in sorted(hidden):
            if len(homes[name]) > 1:
                wrong.append(f"{room}: {name} in {', '.join(sorted(p.name for p in homes[name]))}")
    assert not wrong, "\n".join(wrong)


def test_the_core_opens_no_sockets():
    forbidden = re.compile(r"#include <boost/(asio/(ip|ssl|connect|read|write|local)|beast)")
    wrong = [
        str(p.relative_to(ROOT))
        for folder in ("base", "http", "limits", "invocations", "gateway")
        for p in (SOURCES / folder).iterdir()
        if forbidden.search(p.read_text(encoding="utf-8"))
    ]
    assert not wrong


def test_no_coroutine_ends_unheard():
    """A detached one loses the exception that ends it: a loop would stand still and nobody would know."""
    wrong = [
        str(p.relative_to(SOURCES))
        for p in source_files()
        if re.search(r"asio::detached|asio/detached\.hpp", p.read_text(encoding="utf-8"))
    ]
    assert not wrong, f"start it with spawn_or_log: {wrong}"


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


def test_every_setting_is_read():
    """A row of the settings table that nothing reads would be taken from operators and ignored without a word."""
    rows = [
        name
        for table in (SOURCES / "settings").glob("settings_of_*.hpp")
        for name in re.findall(r'\.name = "(\w+)"', table.read_text(encoding="utf-8"))
    ]
    read = {
        name
        for p in source_files()
        for name in re.findall(r'get<"(\w+)">\(\)', p.read_text(encoding="utf-8"))
    }
    assert len(rows) > 50
    assert set(rows) - read == set()


def test_every_source_file_is_named_by_a_test_of_its_folder():
    """By its own name, or by including the header; one test file may cover several sources."""
    covered_elsewhere = {
        # Two instantiations of one template, which websocket_client_test exercises.
        "net/websocket_plain.cpp", "net/websocket_tls.cpp",
        # The entry point: the system tests run it.
        "app/main.cpp",
    }
    missing = []
    for path in source_files():
        name = path.relative_to(SOURCES)
        folder = ROOT / "tests" / "unit" / name.parent
        named = (folder / f"{name.stem}_test.cpp").exists() or any(
            f'#include "{name.with_suffix(".hpp")}"' in t.read_text(encoding="utf-8")
            for t in folder.glob("*_test.cpp")
        )
        if path.suffix == ".cpp" and str(name) not in covered_elsewhere and not named:
            missing.append(str(name))
    assert not missing, f"without a unit test: {missing}"
