import Files
import Foundation
import TestSupport
import Testing

struct FolderTests {
    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func `a file is replaced, and nothing else is left in its folder`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            try replaceFile(at: url, with: "old")
            try replaceFile(at: url, with: "new")
            #expect(try String(contentsOf: url, encoding: .utf8) == "new")
            #expect(try names(in: folder) == ["file"])
        }
    }

    @Test func `where the new bytes cannot be made, the old ones stay`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            try replaceFile(at: url, with: "old")
            let refusal = FileError(.damaged, "no more bytes")
            #expect(throws: refusal) {
                try replaceFile(at: url) { (writer) throws(FileError) in
                    try writer.append("half of the new")
                    throw refusal
                }
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == "old")
            #expect(try names(in: folder) == ["file"])
        }
    }

    @Test func `where the new name cannot be taken, the new bytes go away`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("taken")
            try makeFolder(at: url)
            let error = #expect(throws: FileError.self) { try replaceFile(at: url, with: "new") }
            #expect(error?.description.contains("cannot rename") == true)
            #expect(try names(in: folder) == ["taken"])
        }
    }

    @Test func `a reader of the old bytes keeps them while they are replaced`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("file")
            try replaceFile(at: url, with: "old")
            let reader = try MappedFile(at: url)
            try replaceFile(at: url, with: "something longer")
            let bytes = try reader.array(of: UInt8.self, at: 0, count: reader.byteCount)
            #expect(bytes.elements == Array("old".utf8))
        }
    }

    @Test func `folders are made with those above them, and may be there already`() throws {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("a/b/c")
            try makeFolder(at: url)
            try makeFolder(at: url)
            try synchroniseFolder(at: url)
            #expect(try names(in: folder) == ["a"])
            let file = folder.appendingPathComponent("file")
            try replaceFile(at: file, with: "")
            #expect(throws: FileError.self) { try makeFolder(at: file) }
            #expect(throws: FileError.self) { try synchroniseFolder(at: file) }
        }
    }

    @Test func `a move of what is not there is refused by both names`() throws {
        try withTemporaryFolder { folder in
            let (from, to) = (
                folder.appendingPathComponent("from"), folder.appendingPathComponent("to")
            )
            let error = #expect(throws: FileError.self) { try moveDurably(from, to: to) }
            #expect(error?.code == .missing)
            #expect(error?.description.contains(from.path) == true)
            #expect(error?.description.contains(to.path) == true)
        }
    }

    @Test func `what several append at once stays whole`() async throws {
        try await withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("log")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask { try appendDurably("line \(number)\n", to: url) }
                }
                try await group.waitForAll()
            }
            let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
            #expect(Set(lines) == Set((0..<40).map { "line \($0)" }))
            #expect(lines.count == 40)
        }
    }

    @Test func `an appendix that finds no room is an error that says so`() {
        let error = #expect(throws: FileError.self) {
            try appendDurably("x", to: URL(fileURLWithPath: "/dev/full"))
        }
        #expect(error?.description.contains("No space left") == true)
    }
}
