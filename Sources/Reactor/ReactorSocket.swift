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
    /// How many bytes have been written that have not left.
    var unsent = 0
    /// Whether more waits to be sent than should; not any more when half of that has left.
    var isBehind = false
    /// Whether the peer had no room for all that was to be sent.
    var isFull = false
    var isInputClosed = false
    /// Whether the peer may send no more as soon as all that was written has left.
    var isInputEnding = false
    var isInputWanted = true
    var phase = Phase.new
    /// Of reading on where that found nothing.
    var restraint = Restraint()
    let closePromise: EventLoopPromise<Void>

    enum Phase {
        case new, open
        /// It closes when all that was written has left.
        case ending
        case closed
    }

    /// Takes over `descriptor`; up to `mostUnsent` bytes should wait to be sent.
    package init(_ descriptor: Int32, on reactor: Reactor, mostUnsent: Int) {
        self.descriptor = descriptor
        self.reactor = reactor
        self.mostUnsent = mostUnsent
        closePromise = reactor.makePromise()
    }

    package var isOpen: Bool { phase == .open || phase == .ending }

    /// Whether what comes is read; that the peer has gone is noticed in any case, that it only sends
    /// no more when reading goes on.
    package var isReading: Bool {
        get { isInputWanted }
        set {
            isInputWanted = newValue
            changeInterest()
        }
    }

    /// Succeeds when it is closed.
    package var closeFuture: EventLoopFuture<Void> { closePromise.futureResult }

    /// Begins to tell `handler`, which it keeps until it is closed; where the system refuses to
    /// watch it, it is closed at once.
    package func open(for handler: any ReactorSocketHandler) {
        self.handler = handler
        phase = .open
        if !reactor.add(self) {
            close()
        }
    }

    func closeDescriptor() {
        _ = Foundation.close(descriptor)
    }
}
