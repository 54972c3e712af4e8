import Foundation
import RetrievalClient

extension DaemonClient {
    /// Shows the status every `pause`, for ever: on a terminal a screen that is drawn again, else
    /// a line after the other.
    ///
    /// A daemon that does not answer is waited for.
    package func watch(
        every pause: Duration,
        onTerminal isTerminal: Bool,
        show: (String) throws -> Void
    ) async throws {
        var last: (report: StatusReport, at: ContinuousClock.Instant)?
        if isTerminal {
            try show("\u{1B}[2J")
        }
        while true {
            do {
                let report = try await status(times: 5)
                let now = ContinuousClock.now
                let before = last.map { ($0.report, (now - $0.at) / .seconds(1)) }
                last = (report, now)
                let text =
                    isTerminal
                    ? StatusScreen(report, style: .terminal, since: before ?? (report, 1)).text
                    : report.line(since: before)
                try show(isTerminal ? redrawn(text) : "\(timestamp()) \(text)\n")
            } catch let error as RetrievalClientError {
                last = nil
                let text = printable("\(error)")
                try show(isTerminal ? redrawn(text) : "\(timestamp()) \(text)\n")
            }
            try await Task.sleep(for: pause)
        }
    }

    /// The sequences that put `text` where the screen's old text was, without a flicker.
    private func redrawn(_ text: String) -> String {
        "\u{1B}[H" + text.replacingOccurrences(of: "\n", with: "\u{1B}[K\n") + "\u{1B}[K\n\u{1B}[J"
    }

    private func timestamp() -> String {
        Date().formatted(.iso8601)
    }
}

extension StatusReport {
    /// The status in one line, with the rate of calls where it was asked for before.
    func line(since before: (report: StatusReport, seconds: Double)?) -> String {
        var parts = [stateInWords]
        if let generation {
            parts.append("generation \(generation.number)")
        }
        if let before {
            let (old, new) = (before.report.callCount, callCount)
            let rate = new < old ? 0 : Double(new - old) / before.seconds
            parts.append("\(decimal(rate, 0)) calls/s")
        }
        if let method = methods.max(by: { $0.calls < $1.calls }) {
            parts.append("\(method.name) p50 \(time(method.p50)) p99 \(time(method.p99))")
        }
        if let live = liveRecall {
            parts.append("recall \(decimal(live.recall, 4)) +- \(decimal(live.margin, 4))")
        }
        parts.append("\(load.callsInFlight) in flight, \(load.waitingCalls) waiting")
        parts.append(counted(UInt64(load.connections), "connection"))
        parts.append("\(size(memory.residentBytes)) resident")
        return printable(parts.joined(separator: ", "))
    }

    private var callCount: UInt64 { methods.reduce(0) { $0 + $1.calls } }
}
