package import NIOCore

/// One frame of ttrpc 1.2: a header of ten bytes, and a body.
///
/// ```
///  0        4           8      9       10
///  | length | stream id | type | flags | body (length bytes) ...
///    u32 BE   u32 BE      u8     u8
/// ```
package struct Frame: Sendable, Equatable {
    package static let headerSize = 10
    /// The longest body that may be sent, 4 MiB; a body of just this length is legal.
    package static let maximumBodySize = 4 << 20
    /// From this length on, 16 MiB, the first byte of a header is not zero.
    ///
    /// Such a header is not ttrpc, and its body is not worth waiting for.
    package static let hostileBodySize = 16 << 20

    package var streamID: UInt32
    package var type: FrameType
    package var flags: FrameFlags
    package var body: ByteBuffer

    package init(
        streamID: UInt32,
        type: FrameType,
        flags: FrameFlags = [],
        body: ByteBuffer = ByteBuffer()
    ) {
        self.streamID = streamID
        self.type = type
        self.flags = flags
        self.body = body
    }
}

/// What a frame is for.
///
/// A type of no name here is to be ignored: a later ttrpc may define it.
package struct FrameType: RawRepresentable, Sendable, Hashable {
    package static let request = FrameType(rawValue: 1)
    package static let response = FrameType(rawValue: 2)
    package static let data = FrameType(rawValue: 3)

    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

/// The state of a stream, seen from the receiver of the frame.
///
/// Other bits are ignored.
package struct FrameFlags: OptionSet, Sendable, Hashable {
    /// The sender will send nothing more on this stream.
    package static let remoteClosed = FrameFlags(rawValue: 1)
    /// The sender will send data on this stream.
    package static let remoteOpen = FrameFlags(rawValue: 2)
    /// There is no message in this frame, not even an empty one.
    package static let noData = FrameFlags(rawValue: 4)

    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

extension ByteBuffer {
    /// Appends `frame`.
    ///
    /// The body must not be longer than ``Frame/maximumBodySize``; ``CallResult`` sees to that.
    package mutating func write(_ frame: Frame) {
        let count = frame.body.readableBytes
        precondition(count <= Frame.maximumBodySize, "a frame's body must not exceed 4 MiB")
        writeWithOutputRawSpan(minimumWritableBytes: Frame.headerSize + count) { header in
            header.append(headerOf: count, on: frame.streamID, frame.type, frame.flags)
        }
        writeImmutableBuffer(frame.body)
    }
}

extension OutputRawSpan {
    /// Appends the header of a frame whose body has `count` bytes.
    @_lifetime(self: copy self)
    mutating func append(
        headerOf count: Int,
        on streamID: UInt32,
        _ type: FrameType,
        _ flags: FrameFlags = []
    ) {
        // Integers have no padding between their bytes.
        unsafe append(UInt32(count).bigEndian, as: UInt32.self)
        unsafe append(streamID.bigEndian, as: UInt32.self)
        append(type.rawValue)
        append(flags.rawValue)
    }
}
