import Foundation
import TestSupport
import Testing

@testable import Training

struct TensorBoardTests {
    /// The time of every event.
    private static let time = 1_700_000_000.25

    private func hexadecimal(_ data: Data) -> String {
        data.map { String(format: "%02x", $0) }.joined()
    }

    private func event(step: Int) -> TensorBoardEvent {
        TensorBoardEvent(
            time: Self.time,
            step: step,
            scalars: [.init(tag: "train/loss", value: 0.1), .init(tag: "b", value: -2)]
        )
    }

    private func file(in folder: URL) throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        try #require(names.count == 1)
        return folder.appendingPathComponent(names[0])
    }

    private func log(_ steps: [Int], in folder: URL, after step: Int = 0) throws {
        let log = try TensorBoardLog(in: folder, after: step, time: Self.time)
        for step in steps {
            try log.append(event(step: step))
        }
    }

    @Test func `the check is that of the RFC's examples`() {
        // RFC 3720, appendix B.4.
        #expect(crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(crc32c([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(crc32c(0..<32) == 0x46DD_794E)
        #expect(crc32c("123456789".utf8) == 0xE306_9283)
        #expect(crc32c([]) == 0)
    }

    // The bytes of the next three are those that tensorboard 2.21.0 writes for the same events.

    @Test func `a record is framed by its length and two checks`() {
        let expected = "0300000000000000b099490e6162636e57f121"
        #expect(hexadecimal(TFRecord.framed(Data("abc".utf8))) == expected)
    }

    @Test func `the first event names the version`() {
        let expected = "09000000000000f83f1a0d627261696e2e4576656e743a32"
        #expect(hexadecimal(TensorBoardEvent.start(time: 1.5).payload) == expected)
    }

    @Test func `an event of scalars has the golden bytes`() {
        let expected =
            "0900001040fc54d94110ac022a1d0a110a0a747261696e2f6c6f737315cdcccc3d0a080a016215000000c0"
        #expect(hexadecimal(event(step: 300).payload) == expected)
    }

    @Test(arguments: [0, 1, 127, 128, 300, 1 << 40, .max])
    func `the step of an event is read back`(step: Int) {
        #expect(TensorBoardEvent.step(of: event(step: step).payload) == step)
    }

    @Test func `what is no event of ours has no step`() {
        #expect(TensorBoardEvent.step(of: Data("abc".utf8)) == nil)
        #expect(TensorBoardEvent.step(of: Data()) == nil)
        let endless = [UInt8](repeating: 0xFF, count: 30)
        #expect(TensorBoardEvent.step(of: Data([9, 0, 0, 0, 0, 0, 0, 0, 0, 16] + endless)) == nil)
    }

    @Test func `records are taken one by one, and a damaged one is not`() {
        let bytes = TFRecord.framed(Data("abc".utf8)) + TFRecord.framed(Data())
        var rest = bytes[...]
        #expect(TFRecord.take(from: &rest) == Data("abc".utf8))
        #expect(TFRecord.take(from: &rest) == Data())
        #expect(rest.isEmpty && TFRecord.take(from: &rest) == nil)
        for place in 0..<19 {
            var damaged = bytes
            damaged[place] ^= 0x40
            var rest = damaged[...]
            #expect(TFRecord.take(from: &rest) == nil && rest.count == bytes.count)
        }
        for length in 0..<19 {
            var rest = bytes[..<length]
            #expect(TFRecord.take(from: &rest) == nil)
        }
    }

    @Test func `events of steps after the checkpoint are forgotten`() throws {
        try withTemporaryFolder { folder in
            try log([20, 40], in: folder)
            let expected = try Data(contentsOf: file(in: folder))
            try log([60, 80], in: folder, after: 40)
            #expect(try Data(contentsOf: file(in: folder)).count > expected.count)
            try log([], in: folder, after: 40)
            #expect(try Data(contentsOf: file(in: folder)) == expected)
            try log([], in: folder, after: 59)
            #expect(try Data(contentsOf: file(in: folder)) == expected)
        }
    }

    @Test func `a torn record at the end is forgotten`() throws {
        try withTemporaryFolder { folder in
            try log([20, 40], in: folder)
            let whole = try Data(contentsOf: file(in: folder))
            try whole.dropLast(3).write(to: file(in: folder))
            try log([40], in: folder, after: 40)
            #expect(try Data(contentsOf: file(in: folder)) == whole)
        }
    }

    @Test func `a new run begins a new file, and the events of another one go`() throws {
        try withTemporaryFolder { folder in
            try log([20, 40], in: folder)
            try log([20], in: folder)
            let fresh = try Data(contentsOf: file(in: folder))
            let expected = [.start(time: Self.time), event(step: 20)]
                .reduce(into: Data()) { $0 += TFRecord.framed($1.payload) }
            #expect(fresh == expected)
        }
    }
}
