"""Turns what was measured into two tables and a description of the machine, as plain text or Markdown."""

import os
import platform
import re
import subprocess


def spread(values, digits=0):
    """'median (least–most)', or the value alone if there is one."""
    ordered = sorted(values)
    text = f"{median(ordered):,.{digits}f}"
    if len(ordered) > 1:
        text += f" ({ordered[0]:,.{digits}f}–{ordered[-1]:,.{digits}f})"
    return text


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def throughput_rows(results):
    """`results`: {(connections, target): [a dict for each round]}."""
    header = ["connections", "way", "invocations/s", "p50 ms", "p99 ms", "CPU µs/invocation",
              "peak memory MB", "errors"]
    rows = []
    for (connections, target), rounds in results.items():
        rows.append([
            f"{connections:,}",
            target,
            spread([one["invocations_per_second"] for one in rounds]),
            f"{median([one['p50_ms'] for one in rounds]):,.2f}",
            spread([one["p99_ms"] for one in rounds], 2),
            spread([one["server_cpu_us"] for one in rounds]),
            f"{max(one['server_peak_kb'] for one in rounds) / 1024:,.1f}",
            error_count(rounds),
        ])
    return header, rows


def streaming_rows(results):
    header = ["streams", "way", "delay a chunk p50 µs", "p99 µs", "added p50 µs", "added p99 µs",
              "CPU µs/chunk", "memory an open stream KB", "errors"]
    rows = []
    for (streams, target), rounds in results.items():
        straight = results.get((streams, "straight")) if target != "straight" else None
        delays = (added(rounds, straight, f"chunk_delay_{which}_us") for which in ("p50", "p99"))
        rows.append([f"{streams:,}", target, *delay_cells(rounds), *delays, *cost_cells(rounds)])
    return header, rows


def open_rows(results):
    header = ["streams", "way", "delay a chunk p50 µs", "p99 µs", "CPU µs/chunk", "memory an open stream KB", "errors"]
    rows = [[f"{streams:,}", way, *delay_cells(rounds), *cost_cells(rounds)]
            for (streams, way), rounds in results.items()]
    return header, rows


def delay_cells(rounds):
    return [spread([one[f"chunk_delay_{which}_us"] for one in rounds]) for which in ("p50", "p99")]


def cost_cells(rounds):
    cpu = [one["server_cpu_us"] * one["invocations_total"] / max(one["chunks"], 1) for one in rounds]
    # Of the first round: later ones find memory that the process has kept.
    memory_kb = rounds[0]["kb_per_stream"]
    return [f"{median(cpu):,.1f}", f"{memory_kb:,.1f}" if memory_kb is not None else "", error_count(rounds)]


def keeping_rows(results):
    header = ["streams", "way", "streams/s", "of not kept", "CPU µs/stream", "errors"]
    rows = []
    for (streams, target), rounds in results.items():
        rate = [one["invocations_per_second"] for one in rounds]
        least = [one["invocations_per_second"] for one in results[(streams, "not kept")]]
        rows.append([
            f"{streams:,}",
            target,
            spread(rate),
            f"{100 * median(rate) / median(least):.0f} %",
            spread([one["server_cpu_us"] for one in rounds]),
            error_count(rounds),
        ])
    return header, rows


def store_rows(results):
    """`results`: {(connections, session, store): [a dict for each round]}."""
    header = ["connections", "store", "session", "invocations/s", "p50 ms", "p99 ms", "CPU µs/invocation",
              "dynalite's CPU µs", "dynalite's core busy", "errors"]
    rows = []
    for (connections, session, store), rounds in results.items():
        has_peer = store == "DynamoDB"
        rows.append([
            f"{connections:,}",
            store,
            session,
            spread([one["invocations_per_second"] for one in rounds]),
            spread([one["p50_ms"] for one in rounds], 2),
            spread([one["p99_ms"] for one in rounds], 2),
            spread([one["server_cpu_us"] for one in rounds]),
            spread([one["peer_cpu_us"] for one in rounds]) if has_peer else "",
            f"{100 * median([one['peer_busy'] for one in rounds]):.0f} %" if has_peer else "",
            error_count(rounds),
        ])
    return header, rows


def added(rounds, straight, name):
    """What the way in between adds to the straight one; empty without a straight one."""
    if not straight:
        return ""
    return f"{median([one[name] for one in rounds]) - median([one[name] for one in straight]):+,.0f}"


def error_count(rounds):
    return str(sum(sum(one["errors"].values()) for one in rounds))


def render(header, rows, markdown):
    if markdown:
        lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
        lines += ["| " + " | ".join(row) + " |" for row in rows]
        return "\n".join(lines)
    widths = [max(len(line[column]) for line in [header, *rows]) for column in range(len(header))]
    lines = []
    for row in [header, *rows]:
        cells = [cell.ljust(width) if column == 1 else cell.rjust(width)
                 for column, (cell, width) in enumerate(zip(row, widths))]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _first_match(pattern, path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(pattern, file.read(), re.MULTILINE)
            return found[1].strip() if found else None
    except OSError:
        return None


def _compiler(build):
    path = _first_match(r"^CMAKE_CXX_COMPILER:[A-Z]+=(.*)$", os.path.join(build, "CMakeCache.txt"))
    if not path:
        return "unknown compiler"
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=10, check=False)
        return answer.stdout.splitlines()[0]
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return path


def machine(build):
    processor = _first_match(r"^model name\s*:\s*(.*)$", "/proc/cpuinfo") or platform.processor()
    memory_kb = int(_first_match(r"^MemTotal:\s*(\d+)", "/proc/meminfo") or 0)
    return (f"{processor}, {os.cpu_count()} cores, {memory_kb / 1024 / 1024:.1f} GB, "
            f"Linux {platform.release()}, {_compiler(build)}")
