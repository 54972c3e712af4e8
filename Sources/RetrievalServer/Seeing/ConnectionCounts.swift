import Synchronization

/// How many connections have come and gone.
final class ConnectionCounts: Sendable {
    private let accepted = Atomic(0)
    private let closed = Atomic(0)
    private let refused = Atomic(0)

    var acceptedCount: Int { accepted.load(ordering: .relaxed) }
    var refusedCount: Int { refused.load(ordering: .relaxed) }
    /// How many are open; one that opens at this moment may be missing.
    var openCount: Int { max(0, acceptedCount - closed.load(ordering: .relaxed)) }

    func accept() {
        accepted.wrappingAdd(1, ordering: .relaxed)
    }

    /// One that was accepted has gone.
    func close() {
        closed.wrappingAdd(1, ordering: .relaxed)
    }

    /// One was turned away: too many, or not allowed to.
    func refuse() {
        refused.wrappingAdd(1, ordering: .relaxed)
    }
}
