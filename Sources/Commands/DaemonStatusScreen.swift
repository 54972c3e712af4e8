import Foundation

/// The status of a daemon as people read it.
struct StatusScreen {
    /// How words are set off.
    enum Style {
        case plain
        /// By the sequences that terminals know (ECMA-48, SGR).
        case terminal
    }

    private static let labelWidth = 14

    let report: StatusReport
    let style: Style
    /// What was known before, and how many seconds ago: tells how many calls a second there are.
    let before: (report: StatusReport, seconds: Double)?

    init(
        _ report: StatusReport,
        style: Style,
        since before: (report: StatusReport, seconds: Double)? = nil
    ) {
        self.report = report
        self.style = style
        self.before = before
    }

    var text: String {
        (head + [""] + facts + [""] + methods + efforts)
            .map { String($0.reversed().drop { $0 == " " }.reversed()) }
            .joined(separator: "\n")
    }

    private var head: [String] {
        let state = report.stateInWords.uppercased()
        let colour = ["SERVING": 32, "DEGRADED": 33][state] ?? 31
        var lines = [
            "\(bold(printable(report.server)))  \(bold(state, colour: colour))"
                + "  up \(span(report.uptime))",
            dim(printable(report.socket)),
        ]
        if state != "SERVING" {
            lines.append(printable(report.message))
        }
        return lines
    }

    private var facts: [String] {
        var lines: [String] = []
        if let generation = report.generation {
            lines.append(
                fact(
                    "generation \(generation.number)",
                    "\(generation.kind), \(grouped(generation.count)) items x "
                        + "\(generation.dimension), \(generation.metric), "
                        + "embedding version \(generation.embeddingVersion)"
                )
            )
            lines.append(
                fact(
                    "",
                    "served for \(span(generation.seconds)), "
                        + size(report.memory.generationBytes)
                )
            )
            lines.append(
                fact("recall@\(generation.k)", "\(decimal(generation.recall, 4)) measured")
            )
            lines.append(fact("recall live", live))
        }
        let (load, swaps) = (report.load, report.swaps)
        lines.append(
            fact(
                "load",
                "\(counted(UInt64(load.connections), "connection")), "
                    + "\(counted(UInt64(load.callsInFlight), "call")) in flight, "
                    + "\(load.waitingCalls) waiting"
            )
        )
        lines.append(
            fact(
                "turned away",
                "\(counted(load.refusedConnections, "connection")) "
                    + "(\(grouped(load.acceptedConnections)) let in), "
                    + counted(load.refusedCalls, "call")
            )
        )
        let refusal = swaps.refused == 0 ? "" : ", the last one: \(printable(swaps.lastRefusal))"
        lines.append(fact("swaps", "\(swaps.done) done, \(swaps.refused) refused\(refusal)"))
        lines.append(fact("memory", "\(size(report.memory.residentBytes)) resident"))
        lines.append(fact("round trip", time(report.roundTrip)))
        return lines
    }

    private var live: String {
        guard let live = report.liveRecall else { return dim("no search compared yet") }
        return "\(decimal(live.recall, 4)) +- \(decimal(live.margin, 4)) of "
            + counted(live.queries, "query", "queries")
    }

    private func fact(_ label: String, _ text: String) -> String {
        bold(label.padding(toLength: Self.labelWidth, withPad: " ", startingAt: 0)) + " " + text
    }
}

// MARK: - Words

extension StatusScreen {
    func bold(_ text: String, colour: Int? = nil) -> String {
        guard style == .terminal else { return text }
        return "\u{1B}[1\(colour.map { ";\($0)" } ?? "")m\(text)\u{1B}[0m"
    }

    func dim(_ text: String) -> String {
        style == .terminal ? "\u{1B}[2m\(text)\u{1B}[0m" : text
    }
}
