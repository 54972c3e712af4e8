import Foundation
import Synchronization

/// News of a long command.
package enum Progress: Sendable {
    /// Something is done or begins: worth a line of its own.
    case line(String)
    /// How far a long step is: on a terminal it replaces the one before.
    case update(String)
}

package typealias ProgressHandler = @Sendable (Progress) -> Void

/// Shows progress on the standard error stream: on a terminal one line that changes, elsewhere
/// plain lines, at most one update in ten seconds.
package final class ProgressPrinter: Sendable {
    private static let pause = Duration.seconds(10)

    private struct State {
        var updateIsShown = false
        var lastUpdate: ContinuousClock.Instant?
    }

    private let isTerminal: Bool
    private let state = Mutex(State())

    package init() {
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    package func show(_ progress: Progress) {
        let text = state.withLock { state -> String? in
            switch progress {
            case .line(let line):
                defer { state.updateIsShown = false }
                return (state.updateIsShown ? "\r\u{1B}[K" : "") + line + "\n"
            case .update(let line):
                if isTerminal {
                    state.updateIsShown = true
                    return "\r\u{1B}[K" + line
                }
                let now = ContinuousClock.now
                if let last = state.lastUpdate, now - last < Self.pause { return nil }
                state.lastUpdate = now
                return line + "\n"
            }
        }
        guard let text else { return }
        // News that nobody can read are no reason to stop.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
