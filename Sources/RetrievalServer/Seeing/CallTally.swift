import NIOCore
import Synchronization
import Wire

/// Counts the calls of one event loop.
///
/// Its lock is the event loop's own but for the moments in which somebody asks, so event loops
/// never wait for each other.
final class CallTally: Sendable {
    let connections: ConnectionCounts
    private let counted = Mutex(CallSummary())
    private let inFlight = Atomic(0)
    private let slow: SlowCalls?

    /// Calls that are slow enough are told to `slow`.
    init(connections: ConnectionCounts = ConnectionCounts(), slow: SlowCalls? = nil) {
        self.connections = connections
        self.slow = slow
    }

    /// What has been counted up to now.
    var summary: CallSummary { counted.withLock { $0 } }
    /// How many calls have begun that were not answered at once, and have not ended.
    var inFlightCount: Int { inFlight.load(ordering: .relaxed) }
    /// Where a call's work writes down what it was; nil where nobody is going to read it.
    func notes() -> CallNotes? { slow?.isOn == true ? CallNotes() : nil }

    /// A call goes on elsewhere.
    func began() {
        inFlight.wrappingAdd(1, ordering: .relaxed)
    }

    /// A call that went on elsewhere has been answered, or cancelled.
    func ended(_ pending: PendingCall, _ code: StatusCode) {
        inFlight.wrappingSubtract(1, ordering: .relaxed)
        answered(pending, code)
    }

    /// The answer to a call has been written.
    func answered(_ pending: PendingCall, _ code: StatusCode, at now: NIODeadline = .now()) {
        let time = now - pending.receipt
        let nanoseconds = UInt64(max(0, time.nanoseconds))
        counted.withLock { $0.add(pending.call.method, code, nanoseconds: nanoseconds) }
        slow?.look(at: pending, code, took: time, now: now)
    }

    /// A request was refused before its method was looked at.
    func refused(_ code: StatusCode) {
        counted.withLock { $0.addRefusal(code) }
    }
}
