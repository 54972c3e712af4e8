import Synchronization

/// How often another generation came into service, or was not let in.
final class SwapCounts: Sendable {
    struct Counts: Sendable, Equatable {
        var done = 0
        var refused = 0
        /// Why the last one was refused; empty where none was.
        var lastRefusal = ""
    }

    private let counts = Mutex(Counts())

    /// What has been counted up to now.
    var current: Counts { counts.withLock { $0 } }

    /// A generation has taken the place of another.
    func done() {
        counts.withLock { $0.done += 1 }
    }

    /// A generation was not let in, for `reason`.
    func refused(_ reason: String) {
        counts.withLock { counts in
            counts.refused += 1
            counts.lastRefusal = reason
        }
    }
}
