import NIOCore
import Testing

@testable import Wire

struct FrameTests {
    @Test func `a frame is ten bytes of header, big-endian, and its body`() {
        var bytes = ByteBuffer()
        bytes.write(
            Frame(
                streamID: 0x0102_0305,
                type: .data,
                flags: [.remoteClosed, .noData],
                body: ByteBuffer(bytes: [0xAA, 0xBB])
            )
        )
        #expect(bytes == ByteBuffer(bytes: [0, 0, 0, 2, 1, 2, 3, 5, 3, 5, 0xAA, 0xBB]))
    }
}
