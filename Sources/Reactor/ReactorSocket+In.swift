import CEpoll
import Foundation
import NIOCore

// What comes, and what is watched for.
extension ReactorSocket {
    /// How much is read at a time.
    private static let readSize = 1 << 16
    /// How often is read before the other sockets have their turn, and only where no more than so
    /// much comes at a time.
    private static let readsInTurn = 4
    private static let smallRead = 1 << 10

    /// Does what its readiness asks for; `room` is for what is read.
    func serve(_ event: CEpollEvent, into room: inout ByteBuffer) {
        // Nobody is left to hear of anything; thousands who ask and go would keep the others waiting.
        guard !event.isOver else { return close() }
        if event.isWritable {
            flush()
        }
        if event.isReadable, interest.contains(.reading) {
            readOn(into: &room)
        }
    }

    /// Reads what has come, and goes on where that has paid.
    ///
    /// A client that shares this processor has sent its next request by the time that its answer is
    /// written, so nobody needs to be asked whether it has. One that sends much, or often, has to let
    /// others go first.
    private func readOn(into room: inout ByteBuffer) {
        guard read(into: &room) else { return }
        for _ in 1..<Self.readsInTurn {
            guard room.readableBytes <= Self.smallRead, interest.contains(.reading),
                restraint.allows()
            else { return }
            let hasCome = read(into: &room)
            restraint.tried(paid: hasCome)
            guard hasCome else { return }
        }
    }

    /// Reads now what has come, once; false where nothing has.
    package func readMore() -> Bool {
        isReading = true
        var room = ByteBuffer()
        return interest.contains(.reading) && read(into: &room)
    }

    /// Takes no more from the peer, who cannot send from then on; what it has sent is still read, and
    /// then the end of the input is told.
    ///
    /// Only when all that was written has left: a peer that fails to send may give up all it waits
    /// for.
    package func closeInput() {
        guard isOpen else { return }
        isInputEnding = unsent > 0
        if !isInputEnding {
            _ = shutdown(descriptor, Int32(SHUT_RD))
        }
    }

    /// Reads once; whether there may be more.
    private func read(into room: inout ByteBuffer) -> Bool {
        guard isOpen else { return false }
        room.clear()
        var count = 0
        unsafe room.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.readSize) { bytes in
            unsafe count = CEpollReceive(descriptor, bytes.baseAddress, Self.readSize)
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
    func changeInterest() {
        var wanted: Interest = isInputWanted && !isInputClosed ? .reading : []
        if isFull {
            wanted.insert(.writing)
        }
        guard isOpen, wanted != interest else { return }
        interest = wanted
        if !reactor.watch(self) {
            close()
        }
    }
}
