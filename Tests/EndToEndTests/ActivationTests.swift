import Foundation
import TestSupport
import Testing

/// A daemon whose socket somebody else has made.
struct ActivationTests {
    private static let activator = "/usr/bin/systemd-socket-activate"

    /// Starts a daemon whose descriptor 3 is `descriptor`.
    private func start(_ workspace: URL, passing descriptor: Int32) throws -> RunningProgram {
        let script = #"LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@" 3<&0 </dev/null"#
        let (program, arguments) = Daemon.command(
            for: workspace,
            under: ["/bin/sh", "-c", script]
        )
        let input = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        return try RunningProgram(program, arguments, input: input)
    }

    @Test func `a socket that was passed is served, and its file is left alone`() async throws {
        try await CircleWorkspace.with { workspace in
            let path = workspace.path + ".s"
            let listener = try StreamSocket(at: path)
            let early = try StreamSocket(to: path)
            for round in 1...2 {
                let running = try start(workspace, passing: listener.descriptor)
                if round == 1 {
                    // It has waited in the queue since before there was a daemon.
                    #expect(early.isAnswered())
                }
                let isReady = try await running.wait(within: .seconds(30)) {
                    running.soFar.output.contains("READY socket=\(path) ")
                }
                #expect(isReady, "\(running.soFar)")
                #expect(try StreamSocket(to: path).isAnswered())
                let own = Socket(of: workspace).path
                #expect(!FileManager.default.fileExists(atPath: own))
                running.terminate()
                #expect(try await running.end(within: .seconds(30))?.exitCode == 0)
                #expect(FileManager.default.fileExists(atPath: path))
                #expect(!FileManager.default.fileExists(atPath: path + ".lock"))
            }
            withExtendedLifetime(listener) {}
        }
    }

    @Test func `a descriptor that is no listening socket is refused`() async throws {
        try await CircleWorkspace.with { workspace in
            let path = workspace.path + ".s"
            let listener = try StreamSocket(at: path)
            let connected = try StreamSocket(to: path)
            let abstract = try StreamSocket(at: "@cork-\(UUID().uuidString)")
            let null = unsafe open("/dev/null", O_RDONLY)
            defer { close(null) }
            for (descriptor, part) in [
                (connected.descriptor, "does not listen"), (null, "is no Unix socket"),
                (abstract.descriptor, "has no path"),
            ] {
                let running = try start(workspace, passing: descriptor)
                let outcome = try await running.end(within: .seconds(30))
                #expect(outcome?.exitCode == 78)
                #expect(outcome?.errorOutput.contains(part) == true, "\(running.soFar)")
            }
            withExtendedLifetime((listener, connected, abstract)) {}
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: activator), "no systemd here"))
    func `systemd's own activator finds what it expects`() async throws {
        try await CircleWorkspace.with { workspace in
            let path = workspace.path + ".s"
            let (program, arguments) = Daemon.command(
                for: workspace,
                under: [Self.activator, "--fdname=corkboardd", "-l", path]
            )
            let running = try RunningProgram(program, arguments)
            let listens = try await running.wait(within: .seconds(30)) {
                FileManager.default.fileExists(atPath: path)
            }
            try #require(listens, "\(running.soFar)")
            // The first connection starts the daemon, which then answers it.
            #expect(try StreamSocket(to: path).isAnswered())
            running.terminate()
            #expect(try await running.end(within: .seconds(30))?.exitCode == 0)
        }
    }
}
