import NIOCore
import Testing

@testable import Wire

struct FrameSplitterTests {
    private let frames = [
        Frame(streamID: 1, type: .request, body: ByteBuffer(bytes: [1, 2, 3])),
        Frame(streamID: 3, type: .data, flags: [.remoteClosed, .noData]),
        Frame(streamID: 0xFFFF_FFFF, type: FrameType(rawValue: 9), body: ByteBuffer(bytes: [4])),
    ]

    private var bytes: ByteBuffer {
        var bytes = ByteBuffer()
        for frame in frames {
            bytes.write(frame)
        }
        return bytes
    }

    private func pieces(of splitter: inout FrameSplitter) -> [FrameSplitter.Piece] {
        var pieces: [FrameSplitter.Piece] = []
        while let piece = splitter.next() {
            pieces.append(piece)
        }
        return pieces
    }

    @Test func `frames are the same wherever the bytes are cut in two`() throws {
        let bytes = bytes
        for cut in 0...bytes.readableBytes {
            var splitter = FrameSplitter()
            splitter.append(try #require(bytes.getSlice(at: 0, length: cut)))
            var found = pieces(of: &splitter)
            let rest = bytes.readableBytes - cut
            splitter.append(try #require(bytes.getSlice(at: cut, length: rest)))
            found += pieces(of: &splitter)
            #expect(found == frames.map { .frame($0) }, "cut at byte \(cut)")
            #expect(!splitter.hasBytesLeft)
        }
    }

    @Test func `frames are the same when every byte comes alone`() {
        var splitter = FrameSplitter()
        var found: [FrameSplitter.Piece] = []
        for byte in bytes.readableBytesView {
            splitter.append(ByteBuffer(bytes: [byte]))
            found += pieces(of: &splitter)
        }
        #expect(found == frames.map { .frame($0) })
    }

    @Test func `a body of 4 MiB is a frame, and one byte more is dropped as it arrives`() {
        var splitter = FrameSplitter()
        let body = ByteBuffer(repeating: 7, count: Frame.maximumBodySize)
        var bytes = ByteBuffer()
        bytes.write(Frame(streamID: 1, type: .request, body: body))
        splitter.append(bytes)
        #expect(pieces(of: &splitter).count == 1)

        splitter.append(ByteBuffer(bytes: [0, 0x40, 0, 1, 0, 0, 0, 3, 1, 0]))
        #expect(pieces(of: &splitter) == [.oversized(streamID: 3, length: (4 << 20) + 1)])
        for _ in 0..<4 {
            splitter.append(ByteBuffer(repeating: 7, count: 1 << 20))
            #expect(pieces(of: &splitter).isEmpty)
        }
        var end = ByteBuffer(bytes: [7])
        end.write(frames[0])
        splitter.append(end)
        #expect(pieces(of: &splitter) == [.frame(frames[0])])
    }

    @Test(arguments: [UInt32(16 << 20), .max])
    func `after a header whose first byte is not zero nothing is read`(length: UInt32) {
        var splitter = FrameSplitter()
        var bytes = ByteBuffer(integer: length)
        bytes.writeBytes([0, 0, 0, 5, 1, 0])
        bytes.writeImmutableBuffer(self.bytes)
        splitter.append(bytes)
        #expect(pieces(of: &splitter) == [.hostile(streamID: 5, length: Int(length))])
        splitter.append(self.bytes)
        #expect(pieces(of: &splitter).isEmpty)
    }
}
