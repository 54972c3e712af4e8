import NIOCore
import Wire
import Synchronization

/// A call on its way to being answered.
struct PendingCall: Sendable {
    let call: Call
    /// When nobody will wait for the answer any longer; nil for never.
    let deadline: NIODeadline?
    let cancellation: Cancellation

    /// The longest time a caller may ask for; also keeps the sum below from overflowing.
    private static let longestTimeout = TimeAmount.hours(1)

    init(_ call: Call, receivedAt receipt: NIODeadline) {
        self.call = call
        deadline = call.timeout.map { receipt + min(TimeAmount($0), Self.longestTimeout) }
        cancellation = Cancellation()
    }

    /// Ends the work where nobody waits for it; to be asked before anything expensive starts.
    func checkIsWanted(now: NIODeadline = .now()) throws(CallError) {
        if cancellation.isCancelled {
            throw CallError(.cancelled, "the call was cancelled")
        }
        if let deadline, now >= deadline {
            throw .deadlineExceeded
        }
    }
}

/// How a call is answered.
enum Reply: Sendable {
    /// Already, on the event loop that asked.
    case now(CallResult)
    /// By work elsewhere; the future belongs to the event loop that asked.
    case later(EventLoopFuture<CallResult>)
}

/// Answers one call; runs on the event loop of the call's connection, so it must not block.
typealias Answer = @Sendable (PendingCall, any EventLoop) -> Reply

/// The wish that a call should not go on, from its connection to whoever works on it.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() {
        flag.store(true, ordering: .relaxed)
    }
}
