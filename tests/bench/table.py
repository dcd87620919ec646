"""What the samples say: medians, ratios to the best peer and to the floor, and whether ours has reached its goals."""
import statistics
import typing

import measured_servers
import modes
from measurement import Sample


class Ratio(typing.NamedTuple):
    value: float
    goal: float  # None: none
    more_is_better: bool = True

    def reached(self):
        """As exactly as it is printed: more is not in what was measured."""
        value = round(self.value, 2)
        return self.goal is None or (value >= self.goal if self.more_is_better else value <= self.goal)

    def text(self):
        """With the goal, and a mark where it was missed."""
        if self.goal is None:
            return f"{self.value:.2f}"
        sign = "≥" if self.more_is_better else "≤"
        return f"{self.value:.2f} ({sign} {self.goal:g}{'' if self.reached() else ', missed'})"


class Row(typing.NamedTuple):
    """One mode; None is what was not measured."""
    mode: modes.Mode
    medians: dict  # samples by the servers' names
    spread: dict  # by the servers' names, of the value
    best: str  # the peer
    to_best: Ratio
    floor: str
    to_floor: Ratio
    cost_to_best: Ratio
    limit: Ratio

    def reached(self):
        return all(ratio.reached() for ratio in [self.to_best, self.to_floor, self.cost_to_best, self.limit] if ratio)


def best_of(names, medians, more_is_better):
    there = [name for name in names if name in medians]
    return (max if more_is_better else min)(there, key=lambda name: medians[name].value, default=None)


def row_of(mode, samples):
    medians = {name: Sample(*map(statistics.median, zip(*of_server))) for name, of_server in samples.items()}
    spread = {name: (max(sample[0] for sample in of_server) - min(sample[0] for sample in of_server))
              / (medians[name].value or 1) for name, of_server in samples.items()}
    more = mode.unit.more_is_better
    best, floor = (best_of(names, medians, more) for names in [measured_servers.PEERS, measured_servers.FLOORS])
    ours = medians.get(measured_servers.OURS)

    def ratio(name, field, goal, more_is_better):
        beside = getattr(medians[name], field) if name else 0
        return Ratio(getattr(ours, field) / beside, goal, more_is_better) if ours and beside else None

    return Row(mode, medians, spread, best, ratio(best, "value", mode.to_best, more), floor,
               ratio(floor, "value", mode.to_floor, more), ratio(best, "cost", mode.cost_to_best, False),
               Ratio(ours.value, mode.limit, False) if ours and mode.limit else None)


def rows(measured):
    """By the modes' names, in their order; `measured` are lists of samples by server and mode."""
    return {name: row_of(mode, {server: [Sample(*sample) for sample in samples]
                                for server, samples in measured[name].items()})
            for name, mode in modes.MODES.items() if measured.get(name)}


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def print_row(row):
    """All servers of a mode, the best first."""
    unit = row.mode.unit
    print(f"\n{row.mode.title}")
    print(f"{'':12}{unit.value:>12}{'to best':>9}{'spread':>8}{'CPU ' + unit.cost if unit.cost else '':>12}{'load':>7}"
          f"{'resumed':>9}")
    for name, median in sorted(row.medians.items(), key=lambda entry: entry[1].value, reverse=unit.more_is_better):
        to_best = f"{median.value / row.medians[row.best].value:.2f}" if row.best else "-"
        print(f"{name:12}{number(median.value):>12}{to_best:>9}{row.spread[name]:8.0%}"
              f"{number(median.cost * unit.cost_factor) if unit.cost else '':>12}{median.load_share:7.0%}"
              f"{median.resumed:9.0%}")
    print(summary(row))


def summary(row):
    parts = [f"to {row.best} {row.to_best.text()}" if row.to_best else "",
             f"to {row.floor} {row.to_floor.text()}" if row.to_floor else "",
             f"CPU {row.cost_to_best.text()}" if row.cost_to_best else "",
             f"{row.limit.text()} {row.mode.unit.value}" if row.limit else ""]
    return f"{row.mode.title}: " + "; ".join(part for part in parts if part)
