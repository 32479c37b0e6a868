"""The ids of server-sent events."""


def seq_of(id_line):
    """The seq in `id: 7`, or in `id: 7-end`, as an end has it that a crash made."""
    return int(id_line.strip().removeprefix("id: ").removesuffix("-end"))
