import Synchronization

/// How many bytes of answers all clients together have yet to read.
///
/// They take the daemon's memory, so above ``Limits/totalUnsentBytes`` those who are behind wait:
/// their requests are left unread, and what they had asked for is refused. Those who read their
/// answers notice nothing.
final class Backlog: Sendable {
    private let bytes = Atomic(0)
    /// Where their memory goes when they are gone.
    fileprivate let freed: FreedMemory

    init(freed: FreedMemory = FreedMemory()) {
        self.freed = freed
    }

    var isFull: Bool { bytes.load(ordering: .relaxed) > Limits.totalUnsentBytes }

    fileprivate func change(by difference: Int) {
        bytes.wrappingAdd(difference, ordering: .relaxed)
    }
}

/// One connection's part of the backlog.
final class ConnectionBacklog: Sendable {
    private let all: Backlog
    private let own = Atomic(0)

    init(of all: Backlog) {
        self.all = all
    }

    /// Whether this client has to read before more is done for it.
    var isToWait: Bool { own.load(ordering: .relaxed) > 0 && all.isFull }

    func set(_ bytes: Int) {
        all.change(by: bytes - own.exchange(bytes, ordering: .relaxed))
    }

    /// The connection is closed, which had up to `most` bytes unsent.
    func close(most: Int) {
        set(0)
        all.freed.add(most)
    }
}
