import Foundation

extension StatusScreen {
    /// Eighty-one columns, and nine more for a rate.
    private static let widths = [-21, 12, 8, 8, 8, 8, 8, 8]

    /// How each method has been answered.
    var methods: [String] {
        guard !report.methods.isEmpty else { return [dim("no method has been called")] }
        let heads = ["method", "calls", "errors", "p50", "p90", "p99", "p99.9", "max"]
        let rate = before == nil ? "" : column("calls/s", 9)
        let rows = report.methods.flatMap { method in
            let times = [method.p50, method.p90, method.p99, method.p999, method.max]
            let cells =
                [printable(method.name), grouped(method.calls), grouped(method.errorCount)]
                + times.map { $0 == 0 ? "" : time($0) }
            let rate = callRate(of: method).map { column(decimal($0, 0), 9) } ?? ""
            return [row(cells, Self.widths) + rate] + errors(of: method)
        }
        return [bold(row(heads, Self.widths) + rate)] + rows
    }

    private func errors(of method: StatusReport.Method) -> [String] {
        guard !method.errors.isEmpty else { return [] }
        let codes = method.errors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\(printable($0.key)) \(grouped($0.value))" }
        return [dim("  " + codes.joined(separator: ", "))]
    }

    private func callRate(of method: StatusReport.Method) -> Double? {
        before.map { before in
            let old = before.report.methods.first { $0.name == method.name }?.calls ?? 0
            return method.calls < old ? 0 : Double(method.calls - old) / before.seconds
        }
    }

    /// The efforts that reached some recalls, for who wants another; not on a screen that is drawn
    /// again.
    var efforts: [String] {
        guard before == nil, let levels = report.generation?.levels, !levels.isEmpty else {
            return []
        }
        let recalls = [0.8, 0.9, 0.95, 0.99, 0.999]
        let widths = [-17] + recalls.map { _ in 13 }
        let rows = Set(levels.map(\.k)).sorted().map { k in
            let cells = recalls.map { recall in
                let level = levels.filter { $0.k == k && $0.recall >= recall }
                    .min { ($0.effort, $0.p50) < ($1.effort, $1.p50) }
                return level.map { "\($0.effort), \(time($0.p50))" } ?? ""
            }
            return row(["k \(k)"] + cells, widths)
        }
        return ["", bold(row(["effort for recall"] + recalls.map { "\($0)" }, widths))] + rows
    }

    /// Cells beside each other, with widths that are negative for those at the left end.
    private func row(_ cells: [String], _ widths: [Int]) -> String {
        zip(cells, widths).map { cell, width in
            width < 0
                ? cell.padding(toLength: -width, withPad: " ", startingAt: 0)
                : column(cell, width)
        }.joined()
    }
}
