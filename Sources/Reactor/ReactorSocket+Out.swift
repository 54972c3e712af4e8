import Foundation
package import NIOCore

// What is written, and how it leaves.
extension ReactorSocket {
    /// Of what was written, so much memory is kept where all has left.
    private static let keptCapacity = 1 << 12
    /// Up to so much memory is not worth a copy of what has not left.
    private static let sparedCapacity = 1 << 16
    /// So much that has left may lie before what has not.
    private static let sentCapacity = 1 << 20

    /// How many bytes have been written that have not left.
    package var unsentCount: Int { outgoing.readableBytes }

    /// Lets `append` add to what is to be sent; says how many bytes it added.
    @discardableResult
    package func write(_ append: (inout ByteBuffer) -> Void) -> Int {
        guard isOpen else { return 0 }
        let before = outgoing.readableBytes
        append(&outgoing)
        if outgoing.readableBytes > mostUnsent {
            isWritable = false
        }
        return outgoing.readableBytes - before
    }

    /// Sends what has been written, as far as the peer has room.
    package func flush() {
        guard isOpen, outgoing.readableBytes > 0 || isEnding else { return }
        isFull = false
        while outgoing.readableBytes > 0 {
            let count = unsafe outgoing.withUnsafeReadableBytes { bytes in
                let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
                return unsafe send(descriptor, bytes.baseAddress, bytes.count, flags)
            }
            guard count >= 0 else {
                if errno == EINTR { continue }
                guard errno == EAGAIN else { return close() }
                isFull = true
                break
            }
            outgoing.moveReaderIndex(forwardBy: count)
        }
        settle()
        changeInterest()
        if isOpen, !isWritable, outgoing.readableBytes <= mostUnsent / 2 {
            isWritable = true
            handler?.becameWritable()
        }
        if isEnding, outgoing.readableBytes == 0 {
            close()
        }
    }

    /// Gives back the memory of what has left.
    private func settle() {
        if outgoing.readableBytes == 0 {
            if outgoing.capacity > Self.keptCapacity {
                outgoing = ByteBuffer()
            } else {
                outgoing.clear()
            }
        } else if outgoing.capacity > max(Self.sparedCapacity, 4 * outgoing.readableBytes) {
            outgoing = ByteBuffer(bytes: outgoing.readableBytesView)
        } else if outgoing.readerIndex > Self.sentCapacity {
            outgoing.discardReadBytes()
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
        outgoing = ByteBuffer()
        // Later, since it may be the handler who closes, in the middle of something.
        reactor.assumeIsolated().execute { [self] in
            handler?.closed()
            handler = nil
            closePromise.succeed()
        }
    }
}
