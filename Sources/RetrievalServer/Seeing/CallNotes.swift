import NIOCore
import Synchronization

/// What the work of a call writes down of itself, for the log of slow calls.
final class CallNotes: Sendable {
    struct Search: Sendable, Equatable {
        var queries: Int
        var k: Int
        var effort: Int
        var generation: Int
    }

    private struct State {
        var workBegan: NIODeadline?
        var search: Search?
    }

    private let state = Mutex(State())

    /// When a thread took the call up; nil where it was answered on its event loop.
    var workBegan: NIODeadline? { state.withLock { $0.workBegan } }
    var search: Search? { state.withLock { $0.search } }

    func begin(at now: NIODeadline = .now()) {
        state.withLock { $0.workBegan = now }
    }

    func tell(_ search: Search) {
        state.withLock { $0.search = search }
    }
}
