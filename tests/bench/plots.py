"""Draws what was measured, as SVG that is the same bytes for the same figures."""
import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FuncFormatter  # noqa: E402

import measured_servers  # noqa: E402
import scale  # noqa: E402

plt.rcParams.update({"svg.hashsalt": "libftp", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False,
                     "axes.spines.right": False})
MARKS = {"ours": ("o", "#d1495b", 7), "vsftpd": ("s", "#7a8b99", 5), "proftpd": ("^", "#7a8b99", 5),
         "pure-ftpd": ("D", "#30638e", 5), "pyftpdlib": ("v", "#edae49", 6), "floor": ("|", "#000000", 10),
         "splice-floor": ("|", "#999999", 10), "nginx": ("x", "#3c896d", 6)}


def save(figure, path):
    figure.savefig(path, metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    plt.close(figure)


def goodness(row, name):
    """How many times as good as the best peer."""
    value, best = row.medians[name].value, row.medians[row.best].value
    return value / best if row.mode.unit.more_is_better else best / value


def draw_servers(rows, path):
    """A line for each mode, and on it a mark for each server."""
    rows = [row for row in rows if row.best]
    figure, axes = plt.subplots(figsize=(8, 0.24 * len(rows) + 1))
    for name in measured_servers.SERVERS:
        places = [(goodness(row, name), -number) for number, row in enumerate(rows) if name in row.medians]
        if places:
            mark, colour, size = MARKS[name]
            axes.plot(*zip(*places), mark, color=colour, markersize=size, label=name, zorder=3 if name == "ours" else 2)
    axes.axvline(1, color="#cccccc", linewidth=0.8, zorder=1)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlabel("times as good as the best of the other servers (more is better)")
    axes.set_yticks([-number for number in range(len(rows))], [row.mode.title for row in rows])
    axes.set_ylim(-len(rows) + 0.5, 0.5)
    axes.grid(axis="y", color="#eeeeee")
    axes.legend(loc="lower center", bbox_to_anchor=(0.3, 1), ncols=4, frameon=False)
    save(figure, path)


def draw_scale(measured, path):
    """A field for each run of scale.py."""
    runs = [(scale.RUNS[name], points) for name, points in measured.items() if points]
    figure, fields = plt.subplots(-(-len(runs) // 2), 2, figsize=(8, 3 * -(-len(runs) // 2)), squeeze=False)
    for axes in fields.flat[len(runs):]:
        axes.remove()
    for axes, (run, points) in zip(fields.flat, runs):
        for line in run.lines:
            places = [(point["size"], point[line.key]) for point in points if line.key in point and point["size"] > 0]
            axes.plot(*zip(*places), "o-", markersize=3, linewidth=1, label=line.label)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_title(run.title, fontsize=10)
        axes.set_xlabel(run.x)
        axes.legend(frameon=False, fontsize=8)
        axes.grid(color="#eeeeee")
    figure.tight_layout()
    save(figure, path)
