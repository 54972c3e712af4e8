import Foundation
import Logging
import NIOCore
import Synchronization
import Wire

@testable import RetrievalServer

/// A call that came `age` ago.
func pending(
    _ method: Wire.Method = .search,
    receivedAt receipt: NIODeadline,
    notes: CallNotes? = nil
) -> PendingCall {
    let call = Call(streamID: 1, method: method, payload: [], timeout: nil)
    return PendingCall(call, of: .anybody, receivedAt: receipt, notes: notes)
}

/// A logger that keeps what it is told.
struct KeptLog: Sendable {
    struct Line: Sendable {
        var message: String
        var metadata: Logger.Metadata
    }

    private final class Lines: Sendable {
        let kept = Mutex<[Line]>([])
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = Line(message: "\(event.message)", metadata: event.metadata ?? [:])
            lines.kept.withLock { $0.append(line) }
        }
    }

    private let all = Lines()

    var lines: [Line] { all.kept.withLock { $0 } }
    var logger: Logger { Logger(label: "kept") { [all] _ in Handler(lines: all) } }
}
