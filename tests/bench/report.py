"""Writes the table of README.md, between its marks, and the plots beside the results."""
import pathlib
import re

import measured_servers
import modes
import plots
import table

README = pathlib.Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


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


def write(results, folder):
    rows = list(table.rows(results["modes"]).values())
    plots.draw_servers(rows, folder / "servers.svg")
    if results["scale"]:
        plots.draw_scale(results["scale"], folder / "growth.svg")
    text = README.read_text()
    made = f"{BEGIN}\n\n{section(results, rows)}\n\n{END}"
    if BEGIN not in text:
        raise SystemExit(f"{README} has no {BEGIN}")
    README.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: made, text, flags=re.DOTALL))
    for row in rows:
        print(table.summary(row))
