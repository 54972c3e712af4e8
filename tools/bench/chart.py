"""The chart of a run: recall against latency, and recall against queries a second; plain SVG."""

import math
from html import escape

WIDTH, HEIGHT = 1200, 640
PANEL = {"top": 96, "bottom": 470, "left": (80, 660), "width": 480}
TICKS = (0.85, 0.90, 0.95, 0.98, 0.99, 0.995, 0.999)
OURS = "#d1495b"
PEERS = (
    "#30638e", "#6ca6c1", "#00798c", "#6a994e", "#a7b464", "#8d6a9f",
    "#c08552", "#1d1d1d", "#8a8a8a", "#3d5a40", "#b59f3b",
)  # fmt: skip
FONT = "font-family='Inter, Helvetica, Arial, sans-serif'"


class Axis:
    """Where a value lies between two ends, on the scale of `bend`."""

    def __init__(self, values, ends, bend):
        self.bend, (self.start, self.end) = bend, ends
        self.low, self.high = bend(values[0]), bend(values[1])

    def __call__(self, value):
        share = (self.bend(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def nines(recall):
    """Equal steps for equal factors of what is missed."""
    return -math.log10(1 - min(recall, 0.9995))


def svg(result):
    series = {}
    for point in result["points"]:
        if point["recall"] >= TICKS[0]:
            series.setdefault(point["engine"], []).append(point)
    colours = {}
    for name, points in series.items():
        points.sort(key=lambda point: point["recall"])
        colours[name] = OURS if points[0]["ours"] else PEERS[len(colours) % len(PEERS)]
    # Ours last, so that nothing lies over it.
    order = sorted(series, key=lambda name: series[name][0]["ours"])
    data = result["data"]
    subtitle = (
        f"{data['name']}: {data['rows']:,} x {data['dimension']}, {data['metric']}, "
        f"recall@{result['k']}; medians of {result['rounds']} rounds on "
        f"{result['machine']['cores']} cores, {result['machine']['date']}"
    )
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' {FONT}>",
        f"<rect width='{WIDTH}' height='{HEIGHT}' fill='#fdfcf9'/>",
        text(80, 38, "What a search costs, and what it finds", 22, weight=600),
        text(80, 62, subtitle, 13, fill="#666"),
    ]
    parts += panel(PANEL["left"][0], "One query at a time: microseconds, median", "p50_us",
                   series, order, colours)  # fmt: skip
    parts += panel(PANEL["left"][1], "Both cores: queries a second", "qps",
                   series, order, colours)  # fmt: skip
    parts += legend(order, series, colours)
    return "\n".join(parts) + "\n</svg>\n"


def panel(left, title, key, series, order, colours):
    top, bottom, right = PANEL["top"], PANEL["bottom"], left + PANEL["width"]
    values = [point[key] for points in series.values() for point in points]
    steps = ticks(min(values), max(values))
    across = Axis((TICKS[0], 0.9995), (left, right), nines)
    up = Axis((steps[0], steps[-1]), (bottom, top + 24), math.log10)
    parts = [text(left, top + 4, title, 14, weight=600)]
    for value in steps:
        y = up(value)
        parts.append(line(left, y, right, y, "#e4e0d8"))
        parts.append(text(left - 8, y + 4, number(value), 12, anchor="end", fill="#666"))
    for value in TICKS:
        x = across(value)
        parts.append(line(x, top + 24, x, bottom, "#e4e0d8"))
        parts.append(text(x, bottom + 18, f"{value:g}"[1:], 12, anchor="middle", fill="#666"))
    parts.append(text(right, bottom + 38, "recall", 12, anchor="end", fill="#666"))
    for name in order:
        ours = series[name][0]["ours"]
        places = [(across(point["recall"]), up(point[key])) for point in series[name]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        width, radius = (3.2, 5) if ours else (1.6, 2.6)
        parts.append(
            f"<polyline points='{path}' fill='none' stroke='{colours[name]}' "
            f"stroke-width='{width}' stroke-linejoin='round'/>"
        )
        for (x, y), point in zip(places, series[name]):
            hint = escape(f"{name}, {point['setting']}: {point['recall']:.4f}, {point[key]:,.0f}")
            parts.append(
                f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{colours[name]}' "
                f"stroke='#fdfcf9'><title>{hint}</title></circle>"
            )
    return parts


def legend(order, series, colours):
    parts, columns = [], 4
    for index, name in enumerate(reversed(order)):
        x = 80 + index % columns * 270
        y = HEIGHT - 106 + index // columns * 24
        ours = series[name][0]["ours"]
        parts.append(line(x, y - 4, x + 24, y - 4, colours[name], 3.2 if ours else 1.6))
        label = f"{name}, over its socket" if ours else name
        parts.append(text(x + 32, y, label, 13, weight=600 if ours else 400))
    return parts


def ticks(low, high):
    """1, 2 and 5 of every power of ten, from below the least to above the largest."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    all_steps = [digit * 10.0**power for power in range(first, last + 1) for digit in (1, 2, 5)]
    start = max(index for index, step in enumerate(all_steps) if step <= low)
    end = min(index for index, step in enumerate(all_steps) if step >= high)
    return all_steps[start : max(end, start + 1) + 1]


def number(value):
    return f"{value / 1000:g} k" if value >= 1000 else f"{value:g}"


def text(x, y, words, size, anchor="start", fill="#222", weight=400):
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' text-anchor='{anchor}' "
        f"fill='{fill}' font-weight='{weight}'>{escape(words)}</text>"
    )


def line(x1, y1, x2, y2, stroke, width=1):
    return (
        f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' "
        f"stroke='{stroke}' stroke-width='{width}'/>"
    )
