import Foundation

/// A program at work, with its two outputs caught in files, which never fill up as pipes do.
///
/// Whoever starts one ends it: by ``end(within:)`` or ``kill()``.
final class RunningProgram {
    private static let pollInterval = Duration.milliseconds(10)

    private let process = Process()
    private let folder: URL
    private let outputFile: URL
    private let errorFile: URL

    /// Starts it; it reads `input`, or nothing.
    init(_ program: Program, _ arguments: [String], input: FileHandle = .nullDevice) throws {
        guard FileManager.default.isExecutableFile(atPath: program.executable.path) else {
            throw ProgramError(
                "there is no program \(program.executable.path); build it: swift build"
            )
        }
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cork-run-\(UUID().uuidString.prefix(8))")
        outputFile = folder.appendingPathComponent("output")
        errorFile = folder.appendingPathComponent("error")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: outputFile)
        try Data().write(to: errorFile)
        process.executableURL = program.executable
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: folder)
    }

    var isRunning: Bool { process.isRunning }

    /// The process id.
    var id: Int32 { process.processIdentifier }

    /// What the program has said so far; its exit code is 0 while it runs.
    var soFar: Program.Outcome {
        let code: Int32 =
            if process.isRunning {
                0
            } else if process.terminationReason == .exit {
                process.terminationStatus
            } else {
                128 + process.terminationStatus
            }
        return Program.Outcome(
            exitCode: code,
            output: text(of: outputFile),
            errorOutput: text(of: errorFile)
        )
    }

    /// Waits until `condition` holds or `timeout` is over, and tells which.
    func wait(
        within timeout: Duration,
        until condition: () async throws -> Bool
    ) async throws -> Bool {
        let deadline = ContinuousClock.now + timeout
        while try await !condition() {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: Self.pollInterval)
        }
        return true
    }

    /// Waits for the program's own end; nil, and it is killed, when that takes too long.
    func end(within timeout: Duration) async throws -> Program.Outcome? {
        guard try await wait(within: timeout, until: { !process.isRunning }) else {
            kill()
            return nil
        }
        return soFar
    }

    /// Asks the program to end, as Ctrl-C does.
    func interrupt() {
        send(SIGINT)
    }

    /// Asks the program to end, as a service manager does.
    func terminate() {
        send(SIGTERM)
    }

    /// Asks the program to read its configuration again.
    func hangUp() {
        send(SIGHUP)
    }

    /// Ends the program at once.
    func kill() {
        send(SIGKILL)
    }

    private func send(_ signal: Int32) {
        if process.isRunning {
            Foundation.kill(process.processIdentifier, signal)
        }
    }

    private func text(of file: URL) -> String {
        (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
