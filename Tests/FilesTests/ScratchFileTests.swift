import Files
import Foundation
import TestSupport
import Testing

struct ScratchFileTests {
    @Test func `what was appended is read back from any place`() throws {
        try withTemporaryFolder { folder in
            var scratch = ScratchFile(in: folder)
            try scratch.append([1, 2, 3] as [UInt32])
            try scratch.append([4, 5] as [UInt32])
            #expect(scratch.byteCount == 20)
            var found = [UInt32](repeating: 0, count: 3)
            try scratch.read(&found, at: 8)
            #expect(found == [3, 4, 5])
            try scratch.append([6] as [UInt32])
            try scratch.read(&found, at: 12)
            #expect(found == [4, 5, 6])
        }
    }

    @Test func `a scratch file has no name, and none before its first bytes`() throws {
        try withTemporaryFolder { folder in
            var scratch = ScratchFile(in: folder)
            #expect(scratch.byteCount == 0)
            try scratch.append([UInt8](repeating: 7, count: 100_000))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            #expect(scratch.byteCount == 100_000)
        }
    }

    @Test func `what was appended is mapped when all is written, even nothing`() throws {
        try withTemporaryFolder { folder in
            var scratch = ScratchFile(in: folder)
            try scratch.append([1, 2] as [UInt32])
            try scratch.append([3, 4] as [UInt32])
            let all: MappedArray<UInt32> = try scratch.mapped()
            #expect(all.elements == [1, 2, 3, 4])
            #expect(all.elements(1..<3) == [2, 3])
            #expect(try ScratchFile(in: folder).mapped(as: Float.self).elements == [])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test func `a scratch file in a folder that does not exist is refused by name`() throws {
        try withTemporaryFolder { folder in
            let missing = folder.appendingPathComponent("missing")
            var scratch = ScratchFile(in: missing)
            let error = #expect(throws: FileError.self) { try scratch.append([1]) }
            #expect(error?.code == .missing)
            #expect(error?.description.contains(missing.path) == true)
        }
    }

    @Test func `bytes beyond the end cannot be read`() async {
        await #expect(processExitsWith: .failure) {
            try withTemporaryFolder { folder in
                var scratch = ScratchFile(in: folder)
                try scratch.append([1, 2] as [UInt8])
                var found = [UInt8](repeating: 0, count: 2)
                try scratch.read(&found, at: 1)
            }
        }
    }
}
