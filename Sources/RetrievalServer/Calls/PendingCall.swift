import NIOCore
import Synchronization
import Wire

/// A call on its way to being answered.
///
/// An object, since it goes through many hands and has much with it.
final class PendingCall: Sendable {
    let call: Call
    let caller: Caller
    /// When its last bytes came.
    let receipt: NIODeadline
    /// When nobody will wait for the answer any longer; nil for never.
    let deadline: NIODeadline?
    /// When a search has to end, so that what it has found is there in time; nil for never.
    let searchDeadline: NIODeadline?
    /// What the work writes down of itself; nil where nobody is going to read it.
    let notes: CallNotes?
    private let cancelled = Atomic(false)

    init(
        _ call: Call,
        of caller: Caller,
        receivedAt receipt: NIODeadline,
        notes: CallNotes? = nil
    ) {
        self.call = call
        self.caller = caller
        self.receipt = receipt
        self.notes = notes
        let timeout = call.timeout.map { min(TimeAmount($0), TimeAmount(Limits.callTime)) }
        deadline = timeout.map { receipt + $0 }
        searchDeadline = timeout.map { receipt + ($0 - Self.timeToAnswer(of: $0)) }
    }

    /// The same as ``searchDeadline`` by the clock that searches read.
    var searchEnd: ContinuousClock.Instant? {
        searchDeadline.map { .now + .nanoseconds(($0 - .now()).nanoseconds) }
    }

    /// How much of a timeout is kept back for writing the answer and carrying it to the caller.
    ///
    /// A round trip takes some 15 us and an answer of a few candidates less, but on a busy machine
    /// either side may wait for a processor for some hundred. Long timeouts go with large batches,
    /// whose answers take time in proportion. Half of the shortest is left for the search.
    private static func timeToAnswer(of timeout: TimeAmount) -> TimeAmount {
        let part = timeout.nanoseconds / 10
        return min(.nanoseconds(max(part, 200_000)), .nanoseconds(timeout.nanoseconds / 2))
    }

    /// Whether nobody waits for the answer any longer.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// Nobody waits for the answer any longer; any thread may say so.
    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    /// Ends the work where nobody waits for it; to be asked before anything expensive starts.
    ///
    /// The clock is looked at only where the caller gave a timeout.
    func checkIsWanted(
        now: @autoclosure () -> NIODeadline = NIODeadline.now()
    ) throws(CallError) {
        try checkIsNotCancelled()
        if let deadline, now() >= deadline {
            throw .deadlineExceeded
        }
    }

    /// Refuses to do more for a client that reads nothing, while memory is short.
    func checkIsRead() throws(CallError) {
        if caller.backlog.isToWait {
            throw CallError(
                .resourceExhausted,
                "answers that are not read take too much memory, and some are of this connection; "
                    + "read them, then ask again"
            )
        }
    }

    /// Refuses what only administrators may do.
    func checkIsAllowed() throws(CallError) {
        guard caller.isAdministrator || !call.method.isAdministrative else {
            throw CallError(
                .permissionDenied,
                "\(call.method.rawValue) is for administrators; ask one, or have admin_users or "
                    + "admin_groups of corkboardd's configuration name you"
            )
        }
    }

    func checkIsNotCancelled() throws(CallError) {
        if isCancelled {
            throw .cancelled
        }
    }
}
