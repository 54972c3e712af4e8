import CEpoll
import Foundation
package import NIOCore

/// What is told of a socket, on the thread of its reactor.
package protocol ReactorSocketHandler: AnyObject {
    /// Bytes have come; their memory is used again for the next ones, unless it is kept.
    func received(_ bytes: ByteBuffer)
    /// The peer will send no more, and may still read.
    func inputClosed()
    /// Enough of what was written has left.
    func becameWritable()
    /// It is closed; nothing follows.
    func closed()
}

/// A connected socket of a reactor, which belongs to the thread of that.
///
/// What is written leaves at the next ``flush()``, or as soon as the peer makes room.
package final class ReactorSocket {
    package let reactor: Reactor
    let descriptor: Int32
    var token: UInt64 = 0
    var interest = Interest.reading
    var handler: (any ReactorSocketHandler)?
    var outgoing = Outbox()
    let mostUnsent: Int
    /// Whether the peer had no room for all that was to be sent.
    var isFull = false
    var isEnding = false
    var isInputClosed = false
    let closePromise: EventLoopPromise<Void>

    package internal(set) var isOpen = false
    /// Whether no more waits to be sent than should; it is again when half of that has left.
    package internal(set) var isWritable = true
    /// Whether what comes is read; that the peer has gone is noticed in any case, that it only sends
    /// no more when reading goes on.
    package var isReading = true {
        didSet { changeInterest() }
    }

    /// Takes over `descriptor`; up to `mostUnsent` bytes should wait to be sent.
    package init(_ descriptor: Int32, on reactor: Reactor, mostUnsent: Int) {
        self.descriptor = descriptor
        self.reactor = reactor
        self.mostUnsent = mostUnsent
        closePromise = reactor.makePromise()
    }

    /// Succeeds when it is closed.
    package var closeFuture: EventLoopFuture<Void> { closePromise.futureResult }

    /// Begins to tell `handler`, which it keeps until it is closed; where the system refuses to
    /// watch it, it is closed at once.
    package func open(for handler: any ReactorSocketHandler) {
        self.handler = handler
        isOpen = true
        if !reactor.add(self) {
            close()
        }
    }

    func closeDescriptor() {
        _ = Foundation.close(descriptor)
    }
}
