"""What the back-test of the outlook came to: tables and charts for the documentation, and the record that pages show.

    python -m benchmarks.outlook_report [OUTCOMES.npz]

Reads what `benchmarks.outlook` wrote. The charts go into `docs/assets/`, the record into `tracker/outlook/`.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from benchmarks.common import ROOT
from benchmarks.outlook import CHANCES, DATE_OF_THRESHOLD, FIRST_ORIGIN, OUTCOMES
from benchmarks.outlook_baselines import HORIZONS, WAYS
from tracker.outlook import past_forecasts
from tracker.outlook.histories import date_of

Data = dict[str, np.ndarray]
GROUPS: dict[str, Callable[[Data], np.ndarray]] = {
    "all": lambda data: np.ones(len(data["made"]), bool),
    "protocols and amendments": lambda data: data["supplements"],
    "open to few States": lambda data: data["regional"],
    "no signatories": lambda data: data["signatories"] == 0,
    "20 signatories or more": lambda data: data["signatories"] >= 20,
    "some years after opening": lambda data: ~data["after_part"],
    "after a part of a threshold": lambda data: data["after_part"],
    "made in the 1980s": lambda data: _decades(data) == 1980,
    "made in the 1990s": lambda data: _decades(data) == 1990,
    "made from 2000 on": lambda data: _decades(data) >= 2000,
}
COLUMNS = tuple(way.replace(" ", "_") for way in WAYS)
WIDTH, HEIGHT, LEFT, BOTTOM = 560, 300, 56, 40  # of a chart, in pixels
COLOURS = ("#0b6e99", "#9a5b00", "#767676", "#8a3ffc", "#2f7d32")


def _decades(data: Data) -> np.ndarray:
    return np.array([date_of(each).year // 10 * 10 for each in data["made"]])


def held(places: np.ndarray, share: float) -> float:
    """On how many of a hundred the interval with that share of the paths held."""
    return float(100 * (abs(places - 0.5) < share / 2).mean())


def table(data: Data) -> Iterable[str]:
    """By group and horizon how often the intervals held, and the mean loss of each way, as lines of Markdown."""
    yield "| | forecasts | treaties | 50 % held | 80 % held | model | " + " | ".join(WAYS) + " |"
    yield "|---|" + "---:|" * (5 + len(WAYS))
    for name, chosen in GROUPS.items():
        for horizon in (*HORIZONS, DATE_OF_THRESHOLD):
            rows = chosen(data) & (data["horizon"] == horizon)
            when = f"+{horizon} years" if horizon else "date of threshold"
            yield f"| {name}, {when} | " + " | ".join(_cells(data, rows)) + " |"


def _cells(data: Data, rows: np.ndarray) -> list[str]:
    places = data["place"][rows]
    counts = [str(rows.sum()), str(len(set(data["reference"][rows])))]
    return [
        *counts,
        f"{held(places, 0.5):.0f}",
        f"{held(places, 0.8):.0f}",
        *(f"{data[column][rows].mean():.2f}" for column in ("model", *COLUMNS)),
    ]


def chances_table(chances: np.ndarray) -> Iterable[str]:
    """By chance that a State joins within a year, how often that happened."""
    yield "| chance by the simulation | States and treaties | mean chance | corrected | joined |"
    yield "|---|---:|---:|---:|---:|"
    corrected = corrected_sums(chances)
    for low, high, (number, said, joined), right in zip(
        CHANCES, CHANCES[1:], chances.sum(axis=0), corrected, strict=False
    ):
        span = f"{100 * low:.0f} to {100 * high:.0f} %"
        shares = " | ".join(f"{100 * each / number:.1f} %" for each in (said, right, joined))
        yield f"| {span} | {number:,.0f} | {shares} |"


def corrected_sums(chances: np.ndarray) -> np.ndarray:
    """The sums of the chances as they are shown, each corrected by what was known in its own year."""
    means = [
        past_forecasts.corrected(each[:, 1] / np.maximum(each[:, 0], 1), FIRST_ORIGIN.year + place, chances)
        for place, each in enumerate(chances)
    ]
    return (np.stack(means) * chances[:, :, 0]).sum(axis=0)


# -- charts --------------------------------------------------------------------------------------------


def coverage_chart(data: Data) -> str:
    """How often the intervals held, by horizon, between the lines of what they say."""
    parts = [*_axis((0, 25, 50, 75, 100), 100, " %")]
    parts += [_level(50, 100, COLOURS[1]), _level(80, 100, COLOURS[0])]
    for place, horizon in enumerate((*HORIZONS, DATE_OF_THRESHOLD)):
        places = data["place"][data["horizon"] == horizon]
        middle = LEFT + (place + 0.5) * (WIDTH - LEFT) / 5
        for offset, share, colour in ((-24, 0.5, COLOURS[1]), (2, 0.8, COLOURS[0])):
            parts.append(_bar(middle + offset, 22, held(places, share) / 100, colour))
        parts.append(_text(middle, HEIGHT - 20, _when(horizon), "middle"))
    return _svg("How often the intervals of 50 and 80 % held, by horizon", parts)


def loss_chart(data: Data) -> str:
    """The mean loss of each way against the model's, which is one, by horizon."""
    parts = [*_axis((0, 0.5, 1, 1.5, 2, 2.5), 2.5, ""), _level(1, 2.5, COLOURS[0])]
    for place, horizon in enumerate((*HORIZONS, DATE_OF_THRESHOLD)):
        rows = data["horizon"] == horizon
        left = LEFT + place * (WIDTH - LEFT) / 5 + 8
        for number, column in enumerate(("model", *COLUMNS)):
            share = data[column][rows].mean() / data["model"][rows].mean()
            parts.append(_bar(left + number * 17, 15, share / 2.5, COLOURS[number]))
        parts.append(_text(left + 42, HEIGHT - 20, _when(horizon), "middle"))
    for number, way in enumerate(("model", *WAYS)):
        x = (4, 72, 178, 268, 392)[number]
        parts.append(f'<rect x="{x}" y="{HEIGHT - 11}" width="9" height="9" fill="{COLOURS[number]}"/>')
        parts.append(_text(x + 13, HEIGHT - 3, way, "start"))
    return _svg("Loss of the plain ways against the model's, by horizon; lower is better", parts)


def reliability_chart(chances: np.ndarray) -> str:
    """How often States joined within a year, by the chance shown; on the line where both are the same.

    Hollow are the chances of the simulation, before they are corrected.
    """
    across, up = WIDTH - LEFT - 26, HEIGHT - BOTTOM - 10
    top = HEIGHT - BOTTOM
    parts = [*_axis((0, 25, 50, 75, 100), 100, " %")]
    parts.append(f'<path d="M{LEFT} {top}L{LEFT + across} {top - up}" stroke="#767676" stroke-dasharray="4 4"/>')
    for (number, said, joined), right in zip(chances.sum(axis=0), corrected_sums(chances), strict=True):
        y = top - joined / number * up
        for chance, filled in ((said / number, "none"), (right / number, COLOURS[0])):
            x = LEFT + chance * across
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" stroke="{COLOURS[0]}" fill="{filled}"/>')
    parts += [_text(LEFT + each / 100 * across, HEIGHT - 22, f"{each} %", "middle") for each in (0, 25, 50, 75, 100)]
    parts.append(_text(LEFT + across / 2, HEIGHT - 4, "chance shown (filled) and of the simulation (hollow)", "middle"))
    return _svg("How often States joined within a year, by the chance said", parts)


def _when(horizon: int) -> str:
    return f"+{horizon} year{'s' if horizon > 1 else ''}" if horizon else "threshold"


def _axis(values: Iterable[float], most: float, unit: str) -> Iterable[str]:
    for value in values:
        y = _height(value / most)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH}" stroke="#76767655"/>'
        yield _text(LEFT - 6, y + 4, f"{value:g}{unit}", "end")


def _level(value: float, most: float, colour: str) -> str:
    return f'<path d="M{LEFT} {_height(value / most):.1f}H{WIDTH}" stroke="{colour}" stroke-dasharray="4 4"/>'


def _bar(x: float, width: float, share: float, colour: str) -> str:
    y = _height(share)
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width}" height="{HEIGHT - BOTTOM - y:.1f}" fill="{colour}"/>'


def _height(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - 10)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def _svg(title: str, parts: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="12" fill="#767676">\n<title>{title}</title>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def save_record(data: Data, chances: np.ndarray, path: Path = past_forecasts.FILE) -> None:
    """Write what pages show of the back-test: of each forecast what the treaty was like, and whether it held."""
    small = {
        "reference": data["reference"],
        "horizon": data["horizon"].astype(np.uint8),
        "supplements": data["supplements"],
        "held": abs(data["place"] - 0.5) < 0.4,
    }
    days = {name: data[name].astype(np.int32) for name in ("made", "known", "opened")}
    counts = {name: data[name].astype(np.uint16) for name in ("signatories", "parties")}
    np.savez_compressed(path, chances=chances.astype(np.float32), **small, **days, **counts)


def main() -> int:
    """Print the tables, and write the charts and the record."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("outcomes", type=Path, nargs="?", default=OUTCOMES)
    with np.load(options.parse_args().outcomes, allow_pickle=False) as found:
        data = {name: found[name] for name in found.files}
    chances = data.pop("chances")
    lines = [*table(data), "", *chances_table(chances)]
    sys.stdout.write("\n".join(lines) + "\n")
    charts = {"coverage": coverage_chart(data), "loss": loss_chart(data), "reliability": reliability_chart(chances)}
    for name, chart in charts.items():
        (ROOT / "docs" / "assets" / f"outlook-{name}.svg").write_text(chart, encoding="utf-8")
    save_record(data, chances)
    return 0


if __name__ == "__main__":
    sys.exit(main())
