import Foundation

/// A corkboardd that serves a workspace.
struct Daemon {
    private static let patience = Duration.seconds(30)

    let running: RunningProgram
    let socket: Socket

    /// Runs `body` with a daemon that has said READY, started with `options` by way of a `launcher`
    /// such as env(1); afterwards it is asked to end, and must do
    /// so with exit code 0.
    static func serving<Result>(
        _ workspace: URL,
        options: [String] = [],
        under launcher: [String] = [],
        _ body: (Daemon) async throws -> Result
    ) async throws -> Result {
        let (program, arguments) = command(for: workspace, options: options, under: launcher)
        let running = try RunningProgram(program, arguments)
        defer { running.kill() }
        let isReady = try await running.wait(within: patience) {
            !running.isRunning || running.soFar.output.contains("READY")
        }
        guard isReady, running.isRunning else {
            throw ProgramError("corkboardd did not get ready: \(running.soFar)")
        }
        let result = try await body(Daemon(running: running, socket: Socket(of: workspace)))
        running.terminate()
        guard let outcome = try await running.end(within: patience), outcome.exitCode == 0 else {
            throw ProgramError("corkboardd did not end well: \(running.soFar)")
        }
        return result
    }

    /// What runs a daemon with `options`, by way of a `launcher` that becomes it.
    static func command(
        for workspace: URL,
        options: [String] = [],
        under launcher: [String] = []
    ) -> (Program, [String]) {
        let arguments = ["-w", workspace.path] + options
        guard let first = launcher.first else { return (.corkboardd, arguments) }
        return (
            Program(executable: URL(fileURLWithPath: first)),
            launcher.dropFirst() + [Program.corkboardd.executable.path] + arguments
        )
    }

    /// Waits until it serves generation `number`, and tells whether it came to that.
    func comes(toServe number: Int) async throws -> Bool {
        try await running.wait(within: Self.patience) { try await socket.generation() == number }
    }
}
