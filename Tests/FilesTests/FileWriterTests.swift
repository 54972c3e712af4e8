import Files
import Foundation
import TestSupport
import Testing

struct FileWriterTests {
    @Test func `the digest of a file is the one that sha256sum tells`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            var writer = try FileWriter(at: url)
            try writer.append("a")
            try writer.append("bc")
            let digest = try writer.finish().hexadecimal
            // printf abc | sha256sum
            #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(try sha256(ofFileAt: url) == digest)
            #expect(try Data(contentsOf: url) == Data("abc".utf8))
        }
    }

    @Test func `a file of nothing has the digest of nothing`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            let writer = try FileWriter(at: url)
            let digest = try writer.finish().hexadecimal
            // sha256sum < /dev/null
            #expect(digest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
            #expect(try sha256(ofFileAt: url) == digest)
            #expect(try Data(contentsOf: url).isEmpty)
        }
    }

    @Test func `a file of many blocks is written whole, in order`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            let numbers = (0..<700_000).map { UInt32($0) &* 2_654_435_761 }
            var writer = try FileWriter(at: url)
            var start = 0
            // Pieces below, at and above the size of a block (2^18 numbers).
            for count in [1, 1 << 18, 7, 300_000, 700_000] {
                let end = min(numbers.count, start + count)
                try writer.append(Array(numbers[start..<end]))
                start = end
            }
            #expect(writer.byteCount == 4 * numbers.count)
            let digest = try writer.finish()
            let file = try MappedFile(at: url)
            let found = try file.array(of: UInt32.self, at: 0, count: numbers.count)
            #expect(found.elements == numbers)
            #expect(file.byteCount == 4 * numbers.count)
            #expect(try sha256(ofFileAt: url) == digest.hexadecimal)
        }
    }

    @Test func `padding fills up with zeros, and only where it is needed`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            var writer = try FileWriter(at: url)
            try writer.pad(to: 8)
            try writer.append([1, 2, 3] as [UInt8])
            try writer.pad(to: 4)
            try writer.pad(to: 4)
            let numbers: [UInt16] = [0x0102]
            try writer.append(numbers.span)
            try writer.pad(to: 4)
            _ = try writer.finish()
            #expect(try Data(contentsOf: url) == Data([1, 2, 3, 0, 2, 1, 0, 0]))
        }
    }

    @Test func `a writer that is dropped takes its file with it`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            do {
                var writer = try FileWriter(at: url)
                try writer.append([UInt8](repeating: 1, count: 3 << 20))
                #expect(FileManager.default.fileExists(atPath: url.path))
            }
            #expect(!FileManager.default.fileExists(atPath: url.path))
        }
    }

    @Test func `a file in a folder that does not exist is refused by name`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("missing/file")
            let error = #expect(throws: FileError.self) { _ = try FileWriter(at: url) }
            #expect(error?.code == .missing)
            #expect(error?.description.contains(url.path) == true)
        }
    }

    @Test func `a full disk is an error that says so`() throws {
        // Every write to this device fails with ENOSPC; it is no file that could be removed.
        let device = URL(fileURLWithPath: "/dev/full")
        try #require(FileManager.default.fileExists(atPath: device.path))
        try withTemporaryFolder { folder in
            let link = folder.appendingPathComponent("file")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: device)
            var writer = try FileWriter(at: link)
            try writer.append("something")
            do throws(FileError) {
                _ = try writer.finish()
                Issue.record("a full disk took bytes")
            } catch {
                #expect(error.code == .exhausted)
                #expect(error.description.contains("No space left"))
            }
            #expect(FileManager.default.fileExists(atPath: device.path))
        }
    }
}
