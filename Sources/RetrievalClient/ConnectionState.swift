import Synchronization

/// A note about one connection, from its event loop to everybody.
final class ConnectionState: Sendable {
    private let calls = Atomic(0)
    private let retired = Atomic(false)
    private let lost = Atomic(false)

    /// How many calls are in flight on it, or about to be.
    var load: Int { calls.load(ordering: .relaxed) }

    /// Whether a new call may be made on it.
    var isUsable: Bool { !isLost && !retired.load(ordering: .relaxed) }

    var isLost: Bool { lost.load(ordering: .relaxed) }

    func begin() { calls.wrappingAdd(1, ordering: .relaxed) }

    func end() { calls.wrappingSubtract(1, ordering: .relaxed) }

    /// Its stream ids are running out: it takes no new calls, and closes after its last.
    func retire() { retired.store(true, ordering: .relaxed) }

    /// It is gone, or never came to be.
    func lose() { lost.store(true, ordering: .relaxed) }
}
