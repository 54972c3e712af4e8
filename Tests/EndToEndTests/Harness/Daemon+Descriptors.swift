import Foundation

extension Daemon {
    /// Lets it open so many files and sockets more than it has open now.
    func leave(descriptors count: Int) async throws {
        let folder = "/proc/\(running.id)/fd"
        let open = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        let free = (0...1_000).filter { !open.contains("\($0)") }
        try await limitFiles(to: free[count])
    }

    /// Lets it open files and sockets with numbers below `count`.
    func limitFiles(to count: Int) async throws {
        let prlimit = Program(executable: URL(fileURLWithPath: "/usr/bin/prlimit"))
        try await prlimit.succeed(["--pid", "\(running.id)", "--nofile=\(count):"])
    }
}
