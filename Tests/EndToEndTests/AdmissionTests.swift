import Foundation
import TestSupport
import Testing

/// Who gets a connection, and how many do.
struct AdmissionTests {
    private static let isRoot = geteuid() == 0

    @Test func `one connection above the limit is closed, until another one goes`() async throws {
        try await CircleWorkspace.with { workspace in
            let file = URL(fileURLWithPath: workspace.path + ".yaml")
            try Data("connections: 3\n".utf8).write(to: file)
            try await Daemon.serving(workspace, options: ["--config", file.path]) { daemon in
                let path = daemon.socket.path
                var open = try (0..<3).map { _ in try StreamSocket(to: path) }
                #expect(open.allSatisfy { $0.isAnswered() })
                #expect(try !StreamSocket(to: path).isAnswered())
                #expect(open.allSatisfy { $0.isAnswered(on: 3) })
                open.removeLast()
                let isFree = try await daemon.running.wait(within: .seconds(30)) {
                    try StreamSocket(to: path).isAnswered()
                }
                #expect(isFree)
                let log = daemon.running.soFar.errorOutput
                #expect(log.contains("refused a connection") && log.contains("(connections)"))
            }
        }
    }

    @Test func `a limit of open files for less than a few connections is refused`() async throws {
        try await CircleWorkspace.with { workspace in
            let (program, arguments) = Daemon.command(
                for: workspace,
                under: ["/usr/bin/prlimit", "--nofile=40:40"]
            )
            let outcome = try await program.run(arguments)
            #expect(outcome.exitCode == 71, "\(outcome)")
            #expect(outcome.errorOutput.contains("40 files may be open at a time"), "\(outcome)")
        }
    }

    @Test func `without descriptors those who are connected go on, and others come in later`()
        async throws
    {
        try await CircleWorkspace.with { workspace in
            try await Daemon.serving(workspace) { daemon in
                let path = daemon.socket.path
                let established = try StreamSocket(to: path)
                #expect(established.isAnswered())
                try await daemon.leave(descriptors: 5)
                var crowd = try (0..<50).map { _ in try StreamSocket(to: path) }
                let isStarved = try await daemon.running.wait(within: .seconds(30)) {
                    daemon.running.soFar.errorOutput.contains("Too many open files")
                }
                #expect(isStarved, "\(daemon.running.soFar)")

                let (before, start) = (try processorTime(of: daemon), ContinuousClock.now)
                for number in 1..<100 {
                    try #require(
                        established.isAnswered(on: UInt8(2 * number + 1)),
                        "\(daemon.running.soFar)"
                    )
                    try await Task.sleep(for: .milliseconds(10))
                }
                let elapsed = (ContinuousClock.now - start) / .seconds(1)
                let busy = try processorTime(of: daemon) - before
                #expect(busy < 0.3 * elapsed, "\(busy) s of work in \(elapsed) s")

                crowd.removeAll()
                let isFree = try await daemon.running.wait(within: .seconds(30)) {
                    try StreamSocket(to: path).isAnswered()
                }
                #expect(isFree)
            }
        }
    }

    @Test(.enabled(if: isRoot, "only root may become somebody else"))
    func `members of the socket's group may ask, and others are refused`() async throws {
        try await CircleWorkspace.with { workspace in
            let folder = workspace.deletingLastPathComponent()
            // Open to all, so that it is the daemon that refuses.
            let socket = folder.appendingPathComponent("run/s").path
            let file = folder.appendingPathComponent("c.yaml")
            try Data("socket: \(socket)\nsocket_group: 4321\n".utf8).write(to: file)
            let (program, arguments) = Daemon.command(
                for: workspace,
                options: ["--config", file.path]
            )
            let running = try RunningProgram(program, arguments)
            let isReady = try await running.wait(within: .seconds(30)) {
                running.soFar.output.contains("READY")
            }
            try #require(isReady, "\(running.soFar)")
            _ = unsafe chmod(folder.path, 0o755)
            #expect(try await connection(to: socket, groups: "4321").exitCode == 0)
            // The folder's permissions, and then the socket's, say no.
            let run = folder.appendingPathComponent("run").path
            try await expect("\(run) has the group 4321 and the mode 0750; join", of: socket)
            _ = unsafe chmod(run, 0o755)
            try await expect("\(socket) has the group 4321 and the mode 0660; join", of: socket)
            // The daemon itself says no.
            _ = unsafe chmod(socket, 0o666)
            try await expect("user 1234 in (allow_users, allow_groups)", of: socket)
            #expect(running.soFar.errorOutput.contains("user=1234"), "\(running.soFar)")

            let lists = "socket: \(socket)\nsocket_group: 4321\nallow_users: [99]\n"
            try Data(lists.utf8).write(to: file)
            running.hangUp()
            let isRead = try await running.wait(within: .seconds(30)) {
                running.soFar.errorOutput.contains("changed=allow_users")
            }
            #expect(isRead)
            #expect(try await connection(to: socket, groups: "4321").exitCode != 0)
            running.terminate()
            #expect(try await running.end(within: .seconds(30))?.exitCode == 0)
        }
    }

    /// Expects a stranger to hear `part`.
    private func expect(_ part: String, of socket: String) async throws {
        let outcome = try await connection(to: socket, groups: "4322")
        #expect(outcome.exitCode == 1 && outcome.errorOutput.contains(part), "\(outcome)")
    }

    /// What user 1234, a member of `groups`, is answered.
    private func connection(to socket: String, groups: String) async throws -> Program.Outcome {
        let setpriv = Program(executable: URL(fileURLWithPath: "/usr/bin/setpriv"))
        return try await setpriv.run([
            "--reuid=1234", "--regid=1234", "--groups=\(groups)", "--inh-caps=-all",
            Program.corkboard.executable.path, "status", "--socket", socket,
        ])
    }
}

extension AdmissionTests {
    /// Seconds for which it has used a processor.
    private func processorTime(of daemon: Daemon) throws -> Double {
        let line = try String(contentsOfFile: "/proc/\(daemon.running.id)/stat", encoding: .utf8)
        // utime and stime, the 14th and 15th; the name, the second, ends with the last bracket.
        let fields = line.drop { $0 != ")" }.split(separator: " ")
        let ticks = fields[12...13].compactMap { Double($0) }.reduce(0, +)
        return ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
