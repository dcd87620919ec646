"""Writes the tables of README.md, between their marks, and the plots beside the results."""
import json
import pathlib
import re

import client_report
import measured_servers
import modes
import plots
import table

README = pathlib.Path(__file__).parents[2] / "README.md"


def cell(row, name):
    return table.number(row.medians[name].value) if name else ""


def markdown_row(row):
    ours = measured_servers.OURS if measured_servers.OURS in row.medians else None
    to_best = row.to_best.text() if row.to_best and not row.limit else row.limit.text() if row.limit else ""
    return "| " + " | ".join([
        row.mode.title, row.mode.unit.value, cell(row, ours), f"{row.best} {cell(row, row.best)}" if row.best else "",
        to_best, cell(row, row.floor), row.to_floor.text() if row.to_floor else "",
        row.cost_to_best.text() if row.cost_to_best else ""]) + " |"


def section(results, rows):
    machine = results["machine"]
    missed = [row.mode.title for row in rows if not row.reached()]
    lines = [
        f"Measured on {machine['date']}: {machine['cpus']} CPUs ({machine['cpu']}), Linux {machine['kernel']}; "
        f"{len(rows) - len(missed)} of {len(rows)} goals reached.",
        "",
        "| | unit | ours | best of the others | to the best | floor | to the floor | CPU to the best's |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
        *map(markdown_row, rows),
    ]
    left_out = sorted({f"{server} ({modes.MODES[mode].title}: {why})"
                       for mode, servers in results["left out"].items() for server, why in servers.items()})
    if left_out:
        lines += ["", "Left out: " + "; ".join(left_out) + "."]
    return "\n".join(lines)


def put_between_marks(text, name, made):
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    if begin not in text or end not in text:
        raise SystemExit(f"{README} has no {begin} or {end}")
    return re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n\n{made}\n\n{end}", text, flags=re.DOTALL)


def write(results, folder):
    rows = list(table.rows(results["modes"]).values())
    plots.draw_servers(rows, folder / "servers.svg")
    if results["scale"]:
        plots.draw_scale(results["scale"], folder / "growth.svg")
    text = put_between_marks(README.read_text(), "bench", section(results, rows))
    clients = folder / "clients.json"
    if clients.exists():
        made = client_report.section(json.loads(clients.read_text()))
        text = put_between_marks(text, "client bench", "\n".join(made))
    README.write_text(text)
    for row in rows:
        print(table.summary(row))
