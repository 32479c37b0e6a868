"""CPU time and memory of running processes as the kernel counts them (/proc, see proc(5)). Linux only."""

import os

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_us(pids):
    """User and system time of all threads so far, in microseconds."""
    # The process total is cut to whole ticks of 10 ms; the sum over its threads is exact, but lacks threads
    # that have ended. Neither can be too much, so the greater one is nearer.
    return sum(max(_total_us(pid), _threads_us(pid)) for pid in pids)


def _total_us(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        # The name in parentheses may hold spaces; what follows it does not.
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1_000_000 / TICKS_PER_SECOND


def _threads_us(pid):
    nanoseconds = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat", encoding="ascii") as file:
                nanoseconds += int(file.read().split()[0])
        except OSError:
            # It has ended in this very moment, or the kernel keeps no such count.
            continue
    return nanoseconds / 1000


def _status_kb(pids, name):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            total += next(int(line.split()[1]) for line in file if line.startswith(name + ":"))
    return total


def resident_kb(pids):
    return _status_kb(pids, "VmRSS")


def peak_kb(pids):
    """The most that was resident since the start, or since reset_peak()."""
    return _status_kb(pids, "VmHWM")


def reset_peak(pids):
    """Lets the peak begin anew, where the kernel allows it."""
    for pid in pids:
        try:
            with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
                file.write("5")
        except OSError:
            pass
