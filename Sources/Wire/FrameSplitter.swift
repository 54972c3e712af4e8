package import NIOCore

/// Cuts a stream of bytes into frames, however the bytes happen to arrive.
///
/// ```swift
/// splitter.append(bytes)
/// while let piece = splitter.next() { ... }
/// ```
///
/// It holds at most one unfinished frame beside the bytes just appended, and nothing at all of a
/// body that is too long: such a body is dropped as it arrives, and the connection stays usable.
package struct FrameSplitter: Sendable {
    /// What has been cut off.
    package enum Piece: Sendable, Equatable {
        case frame(Frame)
        /// The header of a frame that is too long; its body is being dropped.
        case oversized(streamID: UInt32, length: Int)
        /// A header that no ttrpc peer would send. Nothing follows: the bytes after it have no
        /// known meaning.
        case hostile(streamID: UInt32, length: Int)
    }

    private var unread = ByteBuffer()
    /// Whether the memory of `unread` is that of whoever appended it.
    private var isBorrowed = false
    private var bytesToDrop = 0
    private var isBroken = false

    /// Whether bytes are left that were not cut off, or are yet to come of a body that is dropped.
    package private(set) var hasBytesLeft = false

    package init() {}

    package mutating func append(_ bytes: ByteBuffer) {
        guard !isBroken else { return }
        if unread.readableBytes == 0 {
            (unread, isBorrowed) = (bytes, true)
        } else {
            settle()
            unread.writeImmutableBuffer(bytes)
        }
        note()
    }

    /// The next piece, or nil until more bytes come.
    package mutating func next() -> Piece? {
        defer { note() }
        drop()
        guard bytesToDrop == 0, !isBroken, let length = bodyLength, let streamID = streamID else {
            settle()
            return nil
        }
        if length >= Frame.hostileBodySize {
            isBroken = true
            unread = ByteBuffer()
            return .hostile(streamID: streamID, length: length)
        }
        if length > Frame.maximumBodySize {
            unread.moveReaderIndex(forwardBy: Frame.headerSize)
            bytesToDrop = length
            return .oversized(streamID: streamID, length: length)
        }
        return frame(streamID: streamID, length: length)
    }

    /// Kept, for who asks lives in another room and would copy all of this to find out.
    private mutating func note() {
        hasBytesLeft = unread.readableBytes > 0 || bytesToDrop > 0
    }

    private var bodyLength: Int? {
        unread.readableBytes < Frame.headerSize
            ? nil
            : unread.getInteger(at: unread.readerIndex, as: UInt32.self).map(Int.init)
    }

    private var streamID: UInt32? {
        unread.getInteger(at: unread.readerIndex + 4, as: UInt32.self)
    }

    private mutating func frame(streamID: UInt32, length: Int) -> Piece? {
        guard unread.readableBytes >= Frame.headerSize + length else {
            settle()
            return nil
        }
        unread.moveReaderIndex(forwardBy: 8)
        guard let type = unread.readInteger(as: UInt8.self),
            let flags = unread.readInteger(as: UInt8.self),
            let body = unread.readSlice(length: length)
        else { return nil }
        return .frame(
            Frame(
                streamID: streamID,
                type: FrameType(rawValue: type),
                flags: FrameFlags(rawValue: flags),
                body: body
            )
        )
    }

    private mutating func drop() {
        let count = min(bytesToDrop, unread.readableBytes)
        unread.moveReaderIndex(forwardBy: count)
        bytesToDrop -= count
    }

    /// Gives back the memory of frames that are done with: its own, so that it does not grow for as
    /// long as the connection lives, and what others appended, who may want it for the next bytes.
    package mutating func settle() {
        if unread.readableBytes == 0 {
            unread = ByteBuffer()
        } else if isBorrowed {
            unread = ByteBuffer(bytes: unread.readableBytesView)
        } else {
            unread.discardReadBytes()
        }
        isBorrowed = false
    }
}
