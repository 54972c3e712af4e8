import NIOCore
import Wire

/// How a call is answered.
enum Reply: Sendable {
    /// Already, on the event loop that asked.
    case now(CallResult)
    /// By work elsewhere; the future belongs to the event loop that asked.
    case later(EventLoopFuture<CallResult>)
    /// By messages, one after another; apart, for only the system knows how large a stream is, and
    /// this would be slow to hand over.
    indirect case stream(AsyncThrowingStream<[UInt8], any Error>)
}

/// Answers one call; runs on the event loop of the call's connection, so it must not block.
typealias Answer = @Sendable (PendingCall, any EventLoop) -> Reply
