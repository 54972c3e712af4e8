/// A drawing of an ablation: for each row its hit-rate@50, and whiskers of one standard deviation
/// to either side.
///
/// The drawing is SVG; all tables share one axis, which begins at 0.
struct AblationChart {
    private let report: AblationReport

    init(of report: AblationReport) {
        self.report = report
    }

    // All in pixels.
    private static let labelWidth = 190.0
    private static let plotWidth = 460.0
    private static let valueWidth = 130.0
    private static let margin = 20.0
    private static let lineHeight = 26.0
    private static let barHeight = 14.0
    private static let whiskerHeight = 8.0

    private static let plotStart = margin + labelWidth
    private static let width = plotStart + plotWidth + valueWidth + margin

    private var tables: [AblationReport.Table] { report.tables.filter { !$0.rows.isEmpty } }

    var svg: String {
        let axis = Axis(
            reaching: tables.flatMap(\.rows).compactMap { $0[.hit50] }.map(upperEnd).max() ?? 0
        )
        var lines = [
            text("hit-rate@50, mean and standard deviation", x: Self.margin, y: 30, size: 15)
        ]
        var y = 44.0
        for table in tables {
            y += 24
            lines.append(text(table.sweep.title, x: Self.margin, y: y, size: 13, colour: "#555"))
            y += 10
            let end = y + Self.lineHeight * Double(table.rows.count)
            lines += axis.ticks.map { tick in
                line(x(tick, axis), y, x(tick, axis), end, colour: "#ddd")
            }
            for row in table.rows {
                lines += bar(row, y + Self.lineHeight / 2, axis)
                y += Self.lineHeight
            }
            y += 16
            lines += axis.ticks.map { tick in
                text(axis.label(tick), x: x(tick, axis), y: y, anchor: "middle", colour: "#555")
            }
        }
        let height = y + Self.margin
        let size = "\(number(Self.width)) \(number(height))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" \
            width="\(number(Self.width))" height="\(number(height))" \
            font-family="system-ui, sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="#fff"/>
            \(lines.joined(separator: "\n"))
            </svg>

            """
    }

    /// A row's name, bar, whiskers and value, around the height `y`.
    private func bar(_ row: AblationReport.Row, _ y: Double, _ axis: Axis) -> [String] {
        guard let value = row[.hit50] else { return [] }
        let (start, end) = (Self.plotStart, x(value.mean, axis))
        let baseline = y + 4
        var lines = [
            text(row.name, x: start - 10, y: baseline, anchor: "end"),
            "<rect x=\"\(number(start))\" y=\"\(number(y - Self.barHeight / 2))\" "
                + "width=\"\(number(end - start))\" height=\"\(number(Self.barHeight))\" "
                + "fill=\"#7aa6c2\"/>",
        ]
        if let deviation = value.deviation {
            let (low, high) = (
                x(max(0, value.mean - deviation), axis), x(upperEnd(of: value), axis)
            )
            let half = Self.whiskerHeight / 2
            lines += [
                line(low, y, high, y), line(low, y - half, low, y + half),
                line(high, y - half, high, y + half),
            ]
        }
        lines.append(
            text(
                value.text(digits: AblationMeasure.hit50.digits),
                x: x(upperEnd(of: value), axis) + 8,
                y: baseline
            )
        )
        return lines
    }

    private func upperEnd(of value: MeanAndDeviation) -> Double {
        value.mean + (value.deviation ?? 0)
    }

    private func x(_ value: Double, _ axis: Axis) -> Double {
        Self.plotStart + Self.plotWidth * value / axis.end
    }

    private func line(
        _ x1: Double,
        _ y1: Double,
        _ x2: Double,
        _ y2: Double,
        colour: String = "#222"
    ) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" "
            + "y2=\"\(number(y2))\" stroke=\"\(colour)\"/>"
    }

    private func text(
        _ content: String,
        x: Double,
        y: Double,
        anchor: String = "start",
        size: Double = 12,
        colour: String = "#222"
    ) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\" "
            + "font-size=\"\(number(size))\" fill=\"\(colour)\">\(escaped(content))</text>"
    }

    private func number(_ value: Double) -> String { decimal(value, 1) }

    private func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
    }
}

/// The numbers from 0 to a round one, with round steps between.
private struct Axis {
    let ticks: [Double]
    private let digits: Int

    /// An axis that ends at `value` or behind, with at most eight steps.
    init(reaching value: Double) {
        // Hit-rates lie in 0...1; what is smaller than a thousandth needs no finer axis.
        let (step, digits) =
            [
                (0.0005, 4), (0.001, 3), (0.002, 3), (0.005, 3), (0.01, 2), (0.02, 2), (0.05, 2),
                (0.1, 1),
            ]
            .first { value <= 8 * $0.0 } ?? (0.2, 1)
        let count = max(1, Int((value / step).rounded(.up)))
        ticks = (0...count).map { Double($0) * step }
        self.digits = digits
    }

    var end: Double { ticks[ticks.count - 1] }

    func label(_ tick: Double) -> String { decimal(tick, digits) }
}
