import Files
import Foundation
import TestSupport
import Testing

struct MappedFileTests {
    private func withFile(_ bytes: [UInt8], _ body: (MappedFile) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            try Data(bytes).write(to: url)
            try body(try MappedFile(at: url))
        }
    }

    @Test func `values are read where they lie`() throws {
        try withFile([9, 9, 9, 9, 1, 0, 0, 0, 0, 0, 128, 63]) { file in
            #expect(file.byteCount == 12)
            #expect(file.bytes.byteCount == 12)
            let number = try file.array(of: UInt32.self, at: 4, count: 1)
            #expect(number.elements == [1])
            let float = try file.array(of: Float.self, at: 8, count: 1)
            #expect(float[0] == 1 && float.span[0] == 1)
            let none = try file.array(of: UInt8.self, at: 12, count: 0)
            #expect(none.count == 0)
        }
    }

    @Test func `a view keeps the mapping, even when the file is gone`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            try Data([1, 2, 3]).write(to: url)
            let view = try MappedFile(at: url).array(of: UInt8.self, at: 0, count: 3)
            try FileManager.default.removeItem(at: url)
            #expect(view.elements == [1, 2, 3])
        }
    }

    @Test(arguments: [3, 2 << 20, 5_000_001])
    func `a file reads the same in huge pages`(count: Int) throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            try Data(bytes).write(to: url)
            let view = try MappedFile(at: url, in: .hugePages)
                .array(of: UInt8.self, at: 0, count: count)
            try FileManager.default.removeItem(at: url)
            #expect(view.elements == bytes)
        }
    }

    @Test func `a missing file is told apart from one that cannot be read`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("nothing")
            let missing = #expect(throws: FileError.self) { _ = try MappedFile(at: url) }
            #expect(missing?.code == .missing)
            #expect(missing?.description.contains(url.path) == true)
            let folder = #expect(throws: FileError.self) { _ = try MappedFile(at: folder) }
            #expect(folder?.code == .inaccessible)
            #expect(folder?.description.hasSuffix("is not a regular file") == true)
        }
    }

    @Test func `an empty file is mapped, and holds nothing`() throws {
        try withFile([]) { file in
            #expect(file.byteCount == 0)
            #expect(file.bytes.byteCount == 0)
            let none = try file.array(of: UInt64.self, at: 0, count: 0)
            #expect(none.elements.isEmpty)
            #expect(throws: FileError.self) { _ = try file.array(of: UInt8.self, at: 0, count: 1) }
        }
    }

    @Test(arguments: [
        (0, 3), (8, 2), (16, 1), (24, 0), (-8, 1), (0, -1), (0, .max), (0, .max / 8),
        (.max, 1), (.max - 7, 1), (.min, 0), (8, .max / 4),
    ])
    func `values beyond the end are refused`(offset: Int, count: Int) throws {
        try withFile([UInt8](repeating: 1, count: 23)) { file in
            let error = #expect(throws: FileError.self) {
                _ = try file.array(of: UInt64.self, at: offset, count: count)
            }
            #expect(error?.code == .damaged)
            #expect(error?.description.contains("has 23 bytes, too few") == true)
        }
    }

    @Test(arguments: [1, 2, 4, 7])
    func `misaligned values are refused`(offset: Int) throws {
        try withFile([UInt8](repeating: 1, count: 32)) { file in
            let error = #expect(throws: FileError.self) {
                _ = try file.array(of: UInt64.self, at: offset, count: 1)
            }
            #expect(error?.code == .damaged)
            #expect(error?.description.hasSuffix("misaligned values at byte \(offset)") == true)
            let byte = try file.array(of: UInt8.self, at: offset, count: 1)
            #expect(byte.elements == [1])
        }
    }

    @Test func `an index outside the view is a mistake of the programmer`() async {
        await #expect(processExitsWith: .failure) {
            try withTemporaryFolder { folder in
                let url = folder.appendingPathComponent("file")
                try Data([1, 2, 3, 4]).write(to: url)
                let view = try MappedFile(at: url).array(of: UInt8.self, at: 0, count: 2)
                _ = view[2]
            }
        }
    }
}
