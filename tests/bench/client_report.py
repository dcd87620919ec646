"""The table of clients: how many times as fast ours is as the best known of its kind, against each server."""
import typing


class Goal(typing.NamedTuple):
    """Of one kind of work: beside whom, and how many times as fast ours must be, near and far."""
    title: str
    beside: str
    near: float
    far: float


GOALS = {
    "tree-down": Goal("{files:,} files of 1 KiB down", "lftp", 3.0, 5.0),
    "tree-up": Goal("{files:,} files of 1 KiB up", "lftp", 3.0, 5.0),
    "big-down": Goal("{mib:,} MiB down", "curl", 1.0, 1.0),
    "big-up": Goal("{mib:,} MiB up", "curl", 1.0, 1.0),
    "segments": Goal("{mib:,} MiB down in segments", "lftp", 1.0, 1.0),
}


def cell(case, goal):
    clients = case["clients"]
    if "ours" not in clients or goal.beside not in clients:
        return ""
    ours, other = clients["ours"], clients[goal.beside]
    ratio, due = other["seconds"] / ours["seconds"], goal.far if case["round_trip_ms"] else goal.near
    cpu = f", CPU {ours['cpu'] / other['cpu']:.2f}" if other["cpu"] else ""
    return f"{ratio:.2f}{'' if ratio >= due else ' missed'} ({ours['seconds']:.3g} s{cpu})"


def section(cases):
    """Lines of Markdown, of what client_bench.py has written."""
    servers = list(dict.fromkeys(case["server"] for case in cases))
    most = {mode: max(case["connections"] for case in cases if case["mode"] == mode)
            for mode in {case["mode"] for case in cases}}
    table = {}
    for case in cases:
        if case["connections"] == most[case["mode"]]:
            row = case["mode"], case["connections"], case["tls"], case["round_trip_ms"]
            table.setdefault(row, {})[case["server"]] = case
    lines = ["| | beside | must be | " + " | ".join(f"from {server}" for server in servers) + " |",
             "|---|---|--:|" + "--:|" * len(servers)]
    for (mode, connections, tls, round_trip), by_server in table.items():
        goal = GOALS[mode]
        title = ", ".join([goal.title.format(**next(iter(by_server.values()))),
                           *[f"{connections} connections"] * (connections > 1), *["TLS"] * (tls != "none"),
                           *[f"{round_trip} ms"] * (round_trip > 0)])
        cells = [cell(by_server[server], goal) if server in by_server else "" for server in servers]
        due = goal.far if round_trip else goal.near
        lines.append(f"| {title} | {goal.beside} | {due:g} | " + " | ".join(cells) + " |")
    return lines
