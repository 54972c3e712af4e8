import Foundation
package import NIOCore

// What is written, and how it leaves.
extension ReactorSocket {
    /// How many bytes have been written that have not left.
    package var unsentCount: Int { outgoing.count }

    /// Lets `append` add to what is to be sent; says how many bytes it added.
    @discardableResult
    package func write(_ append: (inout ByteBuffer) -> Void) -> Int {
        guard isOpen else { return 0 }
        let added = outgoing.write(append)
        if outgoing.count > mostUnsent {
            isWritable = false
        }
        return added
    }

    /// Sends what has been written, as far as the peer has room.
    package func flush() {
        guard isOpen, outgoing.count > 0 || isEnding else { return }
        isFull = false
        while outgoing.count > 0 {
            let count = unsafe outgoing.send { bytes in
                let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                return unsafe send(descriptor, bytes.baseAddress, bytes.count, flags)
            }
            if count < 0, errno != EINTR {
                guard errno == EAGAIN else { return close() }
                isFull = true
                break
            }
        }
        outgoing.settle()
        changeInterest()
        if isOpen, !isWritable, outgoing.count <= mostUnsent / 2 {
            isWritable = true
            handler?.becameWritable()
        }
        if isEnding, outgoing.count == 0 {
            close()
        }
    }

    /// Closes when all that was written has left.
    package func end() {
        isEnding = true
        flush()
    }

    /// Closes now; what has not left is lost.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        reactor.remove(self)
        closeDescriptor()
        outgoing = Outbox()
        // Later, since it may be the handler who closes, in the middle of something.
        reactor.assumeIsolated().execute { [self] in
            handler?.closed()
            handler = nil
            closePromise.succeed()
        }
    }
}
