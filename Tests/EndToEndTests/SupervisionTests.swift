import Foundation
import TestSupport
import Testing

/// What a service manager hears of a daemon, and what it may tell it.
struct SupervisionTests {
    /// The next states that a supervisor hears, without those that repeat at their own pace.
    private func states(_ count: Int, at listener: DatagramSocket) -> [String] {
        var states: [String] = []
        while states.count < count, let state = listener.receive() {
            if !state.hasPrefix("STATUS="), state != "WATCHDOG=1" {
                states.append(String(state.prefix { $0 != "\n" }))
            }
        }
        return states
    }

    @Test(arguments: [false, true])
    func `READY, RELOADING and STOPPING come in order`(isAbstract: Bool) async throws {
        try await CircleWorkspace.with { workspace in
            let path = (isAbstract ? "@" : "") + workspace.path + ".n"
            let listener = try DatagramSocket(at: path)
            let env = ["/usr/bin/env", "NOTIFY_SOCKET=\(path)"]
            try await Daemon.serving(workspace, under: env) { daemon in
                #expect(states(1, at: listener) == ["READY=1"])
                daemon.running.hangUp()
                #expect(states(2, at: listener) == ["RELOADING=1", "READY=1"])
            }
            #expect(states(1, at: listener) == ["STOPPING=1"])
        }
    }

    @Test func `READY waits for a generation, and STATUS says so`() async throws {
        try await CircleWorkspace.with { workspace in
            let (path, current) = (workspace.path + ".n", workspace.path + "/CURRENT")
            let listener = try DatagramSocket(at: path)
            let number = try Data(contentsOf: URL(fileURLWithPath: current))
            try FileManager.default.removeItem(atPath: current)
            let env = ["/usr/bin/env", "NOTIFY_SOCKET=\(path)"]
            let (program, arguments) = Daemon.command(for: workspace, under: env)
            let running = try RunningProgram(program, arguments)
            var state = listener.receive()
            while state?.hasPrefix("STATUS=the daemon has just begun") == true {
                state = listener.receive()
            }
            #expect(state?.hasPrefix("STATUS=no generation has been published") == true)
            running.hangUp()  // must not make it READY
            let isRead = try await running.wait(within: .seconds(30)) {
                running.soFar.errorOutput.contains("read again")
            }
            #expect(isRead)
            try number.write(to: URL(fileURLWithPath: current))
            #expect(states(1, at: listener) == ["READY=1"])
            running.terminate()
            #expect(try await running.end(within: .seconds(30))?.exitCode == 0)
        }
    }

    @Test func `signs of life come four times in the time that is waited for them`() async throws {
        try await CircleWorkspace.with { workspace in
            let path = workspace.path + ".n"
            let listener = try DatagramSocket(at: path)
            let env = ["/usr/bin/env", "NOTIFY_SOCKET=\(path)", "WATCHDOG_USEC=1600000"]
            let start = ContinuousClock.now
            try await Daemon.serving(workspace, under: env) { daemon in
                var count = 0
                while count < 6, let state = listener.receive() {
                    count += state == "WATCHDOG=1" ? 1 : 0
                }
                // Five pauses of 400 ms lie between six.
                #expect(count == 6 && ContinuousClock.now - start > .milliseconds(1600))
                #expect(!daemon.running.soFar.errorOutput.contains("no sign of life"))
            }
        }
    }

    @Test func `a good file is followed, and what waits for a restart is named`() async throws {
        try await CircleWorkspace.with { workspace in
            let file = URL(fileURLWithPath: workspace.path + ".yaml")
            try Data("log_level: info\n".utf8).write(to: file)
            try await Daemon.serving(workspace, options: ["--config", file.path]) { daemon in
                try Data("log_level: notice\nthreads: 3\nconnections: 1\n".utf8).write(to: file)
                daemon.running.hangUp()
                let isFollowed = try await daemon.running.wait(within: .seconds(30)) {
                    daemon.running.soFar.errorOutput.contains("settings=threads")
                }
                let log = daemon.running.soFar.errorOutput
                #expect(isFollowed && log.contains("changed=connections log_level"), "\(log)")
                daemon.running.hangUp()
                let isSaidAgain = try await daemon.running.wait(within: .seconds(30)) {
                    daemon.running.soFar.errorOutput.ranges(of: "settings=threads").count == 2
                }
                #expect(isSaidAgain, "\(daemon.running.soFar.errorOutput)")

                let first = try StreamSocket(to: daemon.socket.path)
                #expect(first.isAnswered())
                #expect(try !StreamSocket(to: daemon.socket.path).isAnswered())
            }
        }
    }

    @Test func `slow calls are written from a hang-up on, and no change is said to be none`()
        async throws
    {
        try await CircleWorkspace.with { workspace in
            let file = URL(fileURLWithPath: workspace.path + ".yaml")
            try Data().write(to: file)
            try await Daemon.serving(workspace, options: ["--config", file.path]) { daemon in
                func says(_ part: String) async throws -> Bool {
                    try await daemon.running.wait(within: .seconds(30)) {
                        daemon.running.soFar.errorOutput.contains(part)
                    }
                }
                let connection = try StreamSocket(to: daemon.socket.path)
                #expect(connection.isAnswered())
                daemon.running.hangUp()
                #expect(try await says("read again: nothing changed"))
                #expect(!daemon.running.soFar.errorOutput.contains("slow call"))
                try Data("slow_query: 0.000001\nrecall_sample: 1\n".utf8).write(to: file)
                daemon.running.hangUp()
                #expect(try await says("changed=recall_sample slow_query"))
                #expect(connection.isAnswered(on: 3))
                #expect(try await says("slow call"))
            }
        }
    }

    @Test func `a bad file is refused whole, and the old one stays`() async throws {
        try await CircleWorkspace.with { workspace in
            let file = URL(fileURLWithPath: workspace.path + ".yaml")
            try Data("connections: 2\n".utf8).write(to: file)
            try await Daemon.serving(workspace, options: ["--config", file.path]) { daemon in
                for (yaml, part) in [
                    ("connections: 1\nlog_levl: info\n", "did you mean log_level?"),
                    ("connections: 1\nlog_level: loud\n", "log_level is loud"),
                    ("connections: 1\nallow_users: [no-such-user]\n", "no such user"),
                    ("connections: [", "is not YAML"),
                ] {
                    try Data(yaml.utf8).write(to: file)
                    daemon.running.hangUp()
                    let isRefused = try await daemon.running.wait(within: .seconds(30)) {
                        daemon.running.soFar.errorOutput.contains(part)
                    }
                    #expect(isRefused, "\(daemon.running.soFar)")
                }
                let two = try (0..<2).map { _ in try StreamSocket(to: daemon.socket.path) }
                #expect(two.allSatisfy { $0.isAnswered() })
            }
        }
    }

    @Test func `hang-ups without number harm no call`() async throws {
        try await CircleWorkspace.with { workspace in
            try await Daemon.serving(workspace) { daemon in
                let connection = try StreamSocket(to: daemon.socket.path)
                for number in 0..<100 {
                    daemon.running.hangUp()
                    #expect(connection.isAnswered(on: UInt8(2 * number + 1)))
                }
            }
        }
    }
}
