import Foundation

/// A program that tests run as a user does.
struct Program {
    let executable: URL

    /// The trainer and all tools.
    static let corkboard = Program(named: "corkboard")
    /// The daemon.
    static let corkboardd = Program(named: "corkboardd")

    init(executable: URL) {
        self.executable = executable
    }

    /// The program that the build put beside the tests.
    private init(named name: String) {
        // The runner itself, wherever the package was built.
        let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        executable = runner.deletingLastPathComponent().appendingPathComponent(name)
    }

    /// What a program left behind when it ended.
    struct Outcome: CustomStringConvertible {
        /// The exit code, or 128 and the number of the signal that ended it, as a shell tells it.
        let exitCode: Int32
        let output: String
        let errorOutput: String

        var description: String {
            "exit code \(exitCode)\n--- output\n\(output)\n--- error output\n\(errorOutput)"
        }
    }

    /// Runs the program to its end; after `timeout` it is killed, and the run fails.
    func run(_ arguments: [String], timeout: Duration = .seconds(60)) async throws -> Outcome {
        let running = try RunningProgram(self, arguments)
        let outcome = try await running.end(within: timeout)
        guard let outcome else {
            throw ProgramError(
                "\(executable.lastPathComponent) \(arguments.joined(separator: " ")) did not end "
                    + "in \(timeout) and was killed; it had said\n\(running.soFar)"
            )
        }
        return outcome
    }

    /// Runs the program and expects it to succeed.
    ///
    /// - Throws: an error with all that the program said, if its exit code is not 0.
    @discardableResult
    func succeed(_ arguments: [String], timeout: Duration = .seconds(60)) async throws -> Outcome {
        let outcome = try await run(arguments, timeout: timeout)
        guard outcome.exitCode == 0 else {
            throw ProgramError(
                "\(executable.lastPathComponent) \(arguments.joined(separator: " ")): \(outcome)"
            )
        }
        return outcome
    }

    /// Runs the program with `--json` and reads the one object that it prints.
    func json<Value: Decodable>(
        _ type: Value.Type,
        _ arguments: [String],
        timeout: Duration = .seconds(60)
    ) async throws -> Value {
        let outcome = try await succeed(arguments + ["--json"], timeout: timeout)
        do {
            return try JSONDecoder().decode(type, from: Data(outcome.output.utf8))
        } catch {
            throw ProgramError("not the JSON of \(type): \(error)\n\(outcome)")
        }
    }
}

/// A program that did not do what a test built upon.
struct ProgramError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
