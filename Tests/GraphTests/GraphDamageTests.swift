import Files
import Foundation
import Graph
import TestSupport
import Testing

/// Files that are not what they should be.
struct GraphDamageTests {
    /// Reads `bytes` as a graph, and touches everything in it.
    private func read(_ bytes: [UInt8], in folder: URL) throws -> Graph {
        let url = folder.appendingPathComponent("damaged.csr")
        try Data(bytes).write(to: url)
        let graph = try Graph(contentsOf: url)
        _ = graph.edges
        for item in 0..<graph.itemCount {
            for index in 0..<graph.items.degree(of: item) {
                let context = graph.items.neighbour(of: item, at: index)
                #expect(context < graph.contextCount)
                _ = graph.items.weight(of: item, at: index)
            }
        }
        return graph
    }

    private func withFile(
        weight: Float,
        _ body: (_ bytes: [UInt8], _ folder: URL) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let url = try smallGraph(in: folder, weight: weight)
            try body([UInt8](Data(contentsOf: url)), folder)
        }
    }

    @Test(arguments: [1, 2.5] as [Float])
    func `a flipped byte is refused, but for the header's spare ones`(weight: Float) throws {
        try withFile(weight: weight) { bytes, folder in
            let original = try read(bytes, in: folder)
            for place in bytes.indices {
                for mask: UInt8 in [0x01, 0x80, 0xFF] {
                    var damaged = bytes
                    damaged[place] ^= mask
                    do {
                        let graph = try read(damaged, in: folder)
                        #expect(isSpare(place, mask), "byte \(place) ^ \(mask) was accepted")
                        #expect(graph.edges == original.edges)
                    } catch let error as FileError {
                        #expect(error.code == .damaged)
                    }
                }
            }
        }
    }

    /// Whether nothing reads these bits: the header's last 12 bytes.
    private func isSpare(_ place: Int, _ mask: UInt8) -> Bool {
        (52..<64).contains(place)
    }

    @Test(arguments: [1, 2.5] as [Float])
    func `a file cut short at any length is refused`(weight: Float) throws {
        try withFile(weight: weight) { bytes, folder in
            for length in bytes.indices {
                let error = #expect(throws: FileError.self) {
                    _ = try read(Array(bytes[..<length]), in: folder)
                }
                #expect(error?.code == .damaged)
            }
            #expect(throws: FileError.self) { _ = try read(bytes + [0], in: folder) }
        }
    }

    @Test(arguments: [16, 24, 32])
    func `counts beyond the file are refused`(place: Int) throws {
        try withFile(weight: 1) { bytes, folder in
            for count in [0, 1, 7, 8, 60, 1 << 31, 1 << 62, 1 << 63, .max] as [UInt64] {
                var damaged = bytes
                for index in 0..<8 {
                    damaged[place + index] = UInt8(truncatingIfNeeded: count >> (8 * index))
                }
                let error = #expect(throws: FileError.self) { _ = try read(damaged, in: folder) }
                #expect(error?.code == .damaged)
            }
        }
    }

    @Test func `an edge to nowhere is refused, though the checksum is right`() throws {
        try withFile(weight: 1) { bytes, folder in
            // The first neighbour of each direction, one that has no way back, and offsets that
            // fall.
            let changes: [(Int, UInt8)] = [(128, 5), (128, 3), (256, 3), (72, 5), (64, 1), (88, 7)]
            for (place, value) in changes {
                var damaged = bytes
                damaged[place] = value
                let body = Array(damaged[64...])
                let checksum = unsafe Checksum(of: body.span.bytes).value
                for index in 0..<8 {
                    damaged[40 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index))
                }
                #expect(throws: FileError.self) { _ = try read(damaged, in: folder) }
            }
        }
    }

    @Test func `what is no graph, or one of another format, is named with the next step`() throws {
        try withFile(weight: 1) { bytes, folder in
            var other = bytes
            other[0] = UInt8(ascii: "X")
            let magic = #expect(throws: FileError.self) { _ = try read(other, in: folder) }
            #expect(
                magic?.description.hasSuffix(
                    "damaged.csr is not a graph; import the edges again"
                ) == true
            )
            var later = bytes
            later[8] = 2
            let version = #expect(throws: FileError.self) { _ = try read(later, in: folder) }
            #expect(
                version?.description.hasSuffix(
                    "has graph format 2, this program reads 1; import the edges again"
                ) == true
            )
            let missing = folder.appendingPathComponent("missing.csr")
            let none = #expect(throws: FileError.self) { _ = try Graph(contentsOf: missing) }
            #expect(none?.code == .missing)
        }
    }
}
