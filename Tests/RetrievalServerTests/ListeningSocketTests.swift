import Foundation
import TestSupport
import Testing

@testable import RetrievalServer

struct ListeningSocketTests {
    private func code(_ body: () throws(RetrievalServerError) -> Void) -> RetrievalServerError? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `the socket has mode 0660 and leaves no temporary name`() async throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let socket = try ListeningSocket(path: path)
            defer { close(socket.descriptor) }
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o660)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names.sorted() == ["s", "s.lock"])
        }
    }

    @Test func `a second socket at a path is refused, and the first stays`() async throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let first = try ListeningSocket(path: path)
            defer { close(first.descriptor) }
            let before = FileIdentity(ofFileAt: path)
            let error = code { () throws(RetrievalServerError) in
                _ = try ListeningSocket(path: path)
            }
            #expect(error?.code == .inUse && error?.exitCode == 75)
            #expect(error?.description.contains("another corkboardd serves \(path)") == true)
            #expect(FileIdentity(ofFileAt: path) == before)
        }
    }

    @Test func `a socket left behind is replaced`() async throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            for _ in 0..<3 {
                let socket = try ListeningSocket(path: path)
                close(socket.descriptor)  // as if killed: the name stays
            }
            #expect(FileIdentity(ofFileAt: path) != nil)
        }
    }

    @Test func `only our own socket is removed`() async throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let socket = try ListeningSocket(path: path)
            defer { close(socket.descriptor) }
            try FileManager.default.removeItem(atPath: path)
            try Data().write(to: URL(fileURLWithPath: path))
            socket.unlinkIfOurs()
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `a path of 107 bytes is taken, and one of 108 is refused`() async throws {
        try withTemporaryFolder { folder in
            let base = folder.path + "/"
            let fits = base + String(repeating: "x", count: 107 - base.utf8.count)
            let socket = try ListeningSocket(path: fits)
            close(socket.descriptor)
            let error = code { () throws(RetrievalServerError) in
                _ = try ListeningSocket(path: fits + "x")
            }
            #expect(error?.code == .configuration)
            #expect(error?.description.contains("\(fits)x has 108 bytes") == true)
        }
    }

    @Test(arguments: [(97, nil), (98, "has 100 bytes, and 108 under the temporary name")])
    func `the temporary name must fit as well`(length: Int, refusal: String?) throws {
        try withTemporaryFolder { folder in
            let base = folder.path + "/"
            let deep = base + String(repeating: "x", count: length - base.utf8.count)
            try FileManager.default.createDirectory(
                atPath: deep,
                withIntermediateDirectories: false
            )
            let error = code { () throws(RetrievalServerError) in
                close(try ListeningSocket(path: deep + "/s").descriptor)
            }
            #expect((error == nil) == (refusal == nil), "\(error?.description ?? "")")
            #expect(refusal.map { error?.description.contains($0) == true } != false)
        }
    }

    @Test func `two sockets may be made in one folder at the same time`() async throws {
        try await withTemporaryFolder { folder in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    let path = folder.appendingPathComponent("s\(number)").path
                    group.addTask { close(try ListeningSocket(path: path).descriptor) }
                }
                try await group.waitForAll()
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names.count == 32)
        }
    }

    @Test func `a folder that cannot be made is named`() {
        let error = code { () throws(RetrievalServerError) in
            _ = try ListeningSocket(path: "/nonexistent/either/s")
        }
        #expect(error?.code == .system)
        #expect(error?.description.contains("/nonexistent/either/s.lock: No such file") == true)
    }

    @Test func `a folder that is missing is made for the daemon and its group`() throws {
        try withTemporaryFolder { folder in
            let inner = folder.appendingPathComponent("run")
            let group: UInt32? = geteuid() == 0 ? 4321 : nil
            let path = inner.appendingPathComponent("s").path
            let socket = try ListeningSocket(path: path, group: group)
            defer { close(socket.descriptor) }
            let attributes = try FileManager.default.attributesOfItem(atPath: inner.path)
            #expect(attributes[.posixPermissions] as? Int == 0o750)
            #expect(socket.group == group ?? getegid())
            #expect(FileOwners(ofFileAt: inner.path)?.group == socket.group)
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may give a file to any group"))
    func `a group that the socket cannot be given to is named`() throws {
        try withTemporaryFolder { folder in
            let error = code { () throws(RetrievalServerError) in
                _ = try ListeningSocket(path: folder.path + "/s", group: 0)
            }
            #expect(error?.code == .system && error?.description.contains("the group 0") == true)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["s.lock"])
        }
    }
}
