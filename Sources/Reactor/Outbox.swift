import DequeModule
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
    /// How many bytes there are.
    private(set) var count = 0

    /// The memory that they take.
    var capacity: Int { pieces.reduce(last.capacity) { $0 + $1.capacity } }

    /// Lets `append` add to what is to be sent; says how many bytes it added.
    mutating func write(_ append: (inout ByteBuffer) -> Void) -> Int {
        let before = last.readableBytes
        append(&last)
        let added = last.readableBytes - before
        count += added
        if last.readableBytes > Self.pieceSize {
            pieces.append(last)
            last = ByteBuffer()
        }
        return added
    }

    /// Gives the foremost bytes to `send`, and forgets as many as it says it took.
    mutating func send(by send: (UnsafeRawBufferPointer) -> Int) -> Int {
        let sent: Int
        if pieces.isEmpty {
            sent = unsafe last.withUnsafeReadableBytes(send)
            last.moveReaderIndex(forwardBy: max(0, sent))
            if last.readableBytes == 0 {
                if last.capacity > Self.keptCapacity {
                    last = ByteBuffer()
                } else {
                    last.clear()
                }
            }
        } else {
            sent = unsafe pieces[0].withUnsafeReadableBytes(send)
            pieces[0].moveReaderIndex(forwardBy: max(0, sent))
            if pieces[0].readableBytes == 0 {
                pieces.removeFirst()
            }
        }
        count -= max(0, sent)
        return sent
    }

    /// Gives back the memory of what has left, where it is most of its piece.
    mutating func settle() {
        guard let first = pieces.first,
            first.capacity > max(Self.pieceSize, 4 * first.readableBytes)
        else { return }
        pieces[0] = ByteBuffer(bytes: first.readableBytesView)
    }
}
