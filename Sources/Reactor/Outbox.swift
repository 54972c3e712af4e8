import CEpoll
import DequeModule
import Foundation
import NIOCore

/// What is to be sent, in pieces.
///
/// Small answers share one; a large one has its own, so that none of it is copied because another
/// comes behind it, and its memory is given back when it has left.
struct Outbox {
    /// From so many bytes on a piece is closed.
    private static let pieceSize = 1 << 16
    /// Of the last piece, so much memory is kept where all has left.
    private static let keptCapacity = 1 << 12

    private var pieces = Deque<ByteBuffer>()
    private var last = ByteBuffer()

    /// The memory that they take.
    var capacity: Int { pieces.reduce(last.capacity) { $0 + $1.capacity } }

    /// How sending ended.
    enum End {
        case allSent
        /// The peer has no room for more.
        case full
        case failed
    }

    /// Lets `append` add to what is to be sent; says how many bytes it added.
    mutating func write(_ append: (inout ByteBuffer) -> Void) -> Int {
        let before = last.readableBytes
        append(&last)
        let added = last.readableBytes - before
        if last.readableBytes > Self.pieceSize {
            pieces.append(last)
            last = ByteBuffer()
        }
        return added
    }

    /// Sends the bytes, as many as the peer of the socket has room for.
    mutating func send(to socket: Int32) -> (sent: Int, End) {
        var sent = 0
        while let count = sendPiece(to: socket) {
            if count >= 0 {
                sent += count
            } else if errno != EINTR {
                let end = errno == EAGAIN ? End.full : .failed
                settle()
                return (sent, end)
            }
        }
        return (sent, .allSent)
    }

    /// Sends of the foremost piece what it can; nil where there is none.
    private mutating func sendPiece(to socket: Int32) -> Int? {
        guard !pieces.isEmpty else {
            guard last.readableBytes > 0 else { return nil }
            let count = last.send(to: socket)
            if last.readableBytes == 0 {
                if last.capacity > Self.keptCapacity {
                    last = ByteBuffer()
                } else {
                    last.clear()
                }
            }
            return count
        }
        let count = pieces[0].send(to: socket)
        if pieces[0].readableBytes == 0 {
            pieces.removeFirst()
        }
        return count
    }

    /// Gives back the memory of what has left, where it is most of its piece.
    private mutating func settle() {
        guard let first = pieces.first,
            first.capacity > max(Self.pieceSize, 4 * first.readableBytes)
        else { return }
        pieces[0] = ByteBuffer(bytes: first.readableBytesView)
    }
}

extension ByteBuffer {
    /// Sends the bytes to a socket, without waiting, and forgets those that it took; their number,
    /// or -1.
    fileprivate mutating func send(to socket: Int32) -> Int {
        unsafe readWithUnsafeReadableBytes { bytes in
            let count = unsafe CEpollSend(socket, bytes.baseAddress, bytes.count)
            return (max(0, count), count)
        }
    }
}
