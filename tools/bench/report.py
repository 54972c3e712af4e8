"""The table of a run, in Markdown."""

TARGETS = (0.95, 0.99)


def best(points, target):
    """Of each engine the fastest setting that reaches the target, fastest engine first."""
    chosen = {}
    for point in points:
        if point["recall"] < target:
            continue
        known = chosen.get(point["engine"])
        if known is None or point["p50_us"] < known["p50_us"]:
            chosen[point["engine"]] = point
    return sorted(chosen.values(), key=lambda point: point["p50_us"])


def markdown(result):
    data, machine = result["data"], result["machine"]
    lines = [
        f"{data['name']}: {data['rows']:,} x {data['dimension']} ({data['dtype']}, "
        f"{data['metric']}), k {result['k']}, {result['queries']:,} queries, medians of "
        f"{result['rounds']} rounds. {machine['cpu']} ({machine['family_model']}), "
        f"{machine['cores']} cores, {machine['date']}, commit {machine['commit']}.",
        "",
        "Corkboard over its socket, calls made one at a time, then "
        "pipelined on both cores; the others in process, one thread, then one call for all "
        "queries on two threads.",
    ]
    for target in TARGETS:
        lines += [
            "",
            f"The fastest setting of recall >= {target}:",
            "",
            "| engine | setting | recall | p50 us | p99 us | queries/s |",
            "|---|---|---:|---:|---:|---:|",
        ]
        lines += [row(point) for point in best(result["points"], target)]
    lines += [
        "",
        "All points:",
        "",
        "| engine | setting | recall | p50 us | p99 us | queries/s |",
        "|---|---|---:|---:|---:|---:|",
    ]
    lines += [row(point) for point in result["points"]]
    lines += ["", "| engine | build s | Python's part of a search, us |", "|---|---:|---:|"]
    for engine in result["engines"]:
        if "empty_call_us" in engine:
            lines.append(
                f"| {engine['name']} | {engine['build_s']:.0f} | {engine['empty_call_us']:.1f} |"
            )
        else:
            seconds = f"{engine['import_s']:.0f} + {engine['index_s']:.0f}"
            lines.append(f"| {engine['name']}, target {engine['target']:g} | {seconds} | |")
    return "\n".join(lines) + "\n"


def row(point):
    name = f"**{point['engine']}**" if point["ours"] else point["engine"]
    return (
        f"| {name} | {point['setting']} | {point['recall']:.4f} | {point['p50_us']:.0f} | "
        f"{point['p99_us']:.0f} | {point['qps']:,.0f} |"
    )
