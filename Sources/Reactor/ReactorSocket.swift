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
    /// It is closed, and nothing more will be told of it.
    func closed()
}

/// A connected socket of a reactor, which belongs to the thread of that.
///
/// What is written leaves at the next ``flush()``, or as soon as the peer makes room.
package final class ReactorSocket {
    /// How much is read at a time.
    private static let readSize = 1 << 16
    /// Of what was written, so much memory is kept where all has left.
    private static let keptCapacity = 1 << 12
    /// So much that has left may lie before what has not.
    private static let sentCapacity = 1 << 20

    package let reactor: Reactor
    let descriptor: Int32
    var token: UInt64 = 0
    private(set) var interest = Interest.reading
    private var handler: (any ReactorSocketHandler)?
    private var outgoing = ByteBuffer()
    private let mostUnsent: Int
    /// Whether the peer had no room for all that was to be sent.
    private var isFull = false
    private var isEnding = false
    private var isInputClosed = false
    private let closePromise: EventLoopPromise<Void>

    package private(set) var isOpen = false
    /// Whether no more waits to be sent than should; it is again when half of that has left.
    package private(set) var isWritable = true
    /// Whether what comes is read; the peer's end is noticed in any case.
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

// MARK: - Out

extension ReactorSocket {
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
        if !isWritable, outgoing.readableBytes <= mostUnsent / 2 {
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

// MARK: - In

extension ReactorSocket {
    /// Does what its readiness asks for; `room` is for what is read.
    func serve(_ event: CEpollEvent, into room: inout ByteBuffer) {
        if event.isWritable {
            flush()
        }
        if event.isOver {
            // What came before the end is still told.
            while interest.contains(.reading), read(into: &room) {}
            close()
        } else if event.isReadable, interest.contains(.reading) {
            _ = read(into: &room)
        }
    }

    /// Reads once; whether there may be more.
    private func read(into room: inout ByteBuffer) -> Bool {
        guard isOpen else { return false }
        room.clear()
        var count = 0
        unsafe room.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.readSize) { bytes in
            unsafe count = recv(descriptor, bytes.baseAddress, Self.readSize, Int32(MSG_DONTWAIT))
            return max(0, count)
        }
        if count > 0 {
            handler?.received(room)
            return true
        }
        if count == 0 {
            isInputClosed = true
            changeInterest()
            handler?.inputClosed()
        } else if errno == EINTR {
            return true
        } else if errno != EAGAIN {
            close()
        }
        return false
    }

    /// Has the reactor watch for what matters now; a system call only where that has changed.
    private func changeInterest() {
        var wanted: Interest = isReading && !isInputClosed ? .reading : []
        if isFull {
            wanted.insert(.writing)
        }
        guard isOpen, wanted != interest else { return }
        interest = wanted
        if !reactor.changeInterest(of: self) {
            close()
        }
    }
}
