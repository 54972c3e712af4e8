import Foundation
package import NIOCore

// What is written, and how it leaves.
extension ReactorSocket {
    /// How many bytes have been written that have not left.
    package var unsentCount: Int { unsent }

    /// Whether no more waits to be sent than should; it is again when half of that has left.
    package var isWritable: Bool { !isBehind }

    /// Lets `append` add to what is to be sent; says how many bytes it added.
    @discardableResult
    package func write(_ append: (inout ByteBuffer) -> Void) -> Int {
        guard isOpen else { return 0 }
        let added = outgoing.write(append)
        unsent += added
        if unsent > mostUnsent {
            isBehind = true
        }
        return added
    }

    /// Sends what has been written, as far as the peer has room.
    package func flush() {
        guard isOpen, unsent > 0 || phase == .ending else { return }
        let (sent, end) = outgoing.send(to: descriptor)
        guard end != .failed else { return close() }
        unsent -= sent
        isFull = end == .full
        changeInterest()
        if isOpen, isBehind, unsent <= mostUnsent / 2 {
            isBehind = false
            handler?.becameWritable()
        }
        guard unsent == 0 else { return }
        if phase == .ending {
            close()
        } else if isInputEnding {
            closeInput()
        }
    }

    /// Closes when all that was written has left.
    package func end() {
        guard isOpen else { return }
        phase = .ending
        flush()
    }

    /// Closes now; what has not left is lost.
    package func close() {
        guard isOpen else { return }
        phase = .closed
        reactor.remove(self)
        closeDescriptor()
        (outgoing, unsent, isBehind) = (Outbox(), 0, false)
        // Later, since it may be the handler who closes, in the middle of something.
        reactor.assumeIsolated().execute { [self] in
            handler?.closed()
            handler = nil
            closePromise.succeed()
        }
    }
}
