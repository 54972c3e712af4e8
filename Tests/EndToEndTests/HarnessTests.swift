import Foundation
import Testing

/// The harness itself, tried on the shell.
struct HarnessTests {
    private let shell = Program(executable: URL(fileURLWithPath: "/bin/sh"))

    @Test func `output, error output and exit code are told apart`() async throws {
        let outcome = try await shell.run(["-c", "echo out; echo err >&2; exit 7"])
        #expect(outcome.output == "out\n")
        #expect(outcome.errorOutput == "err\n")
        #expect(outcome.exitCode == 7)
    }

    @Test func `a program that hangs is killed and named`() async throws {
        let error = await #expect(throws: ProgramError.self) {
            try await shell.run(["-c", "echo begun; exec sleep 3600"], timeout: .milliseconds(300))
        }
        #expect(error?.description.contains("begun") == true)
    }

    @Test func `a program that fails is an error with all that it said`() async throws {
        let error = await #expect(throws: ProgramError.self) {
            try await shell.succeed(["-c", "echo why >&2; exit 3"])
        }
        #expect(error?.description.contains("exit code 3") == true)
        #expect(error?.description.contains("why") == true)
    }

    @Test func `a death by signal is told as a shell tells it`() async throws {
        let outcome = try await shell.run(["-c", "kill -9 $$"])
        #expect(outcome.exitCode == 128 + SIGKILL)
    }

    @Test func `a program that is missing is named`() async throws {
        let missing = Program(executable: URL(fileURLWithPath: "/nowhere/corkboard"))
        let error = await #expect(throws: ProgramError.self) { try await missing.run(["--help"]) }
        #expect(error?.description.contains("/nowhere/corkboard") == true)
    }

    @Test func `more output than a pipe holds is kept whole`() async throws {
        let outcome = try await shell.run(["-c", "head -c 1000000 /dev/zero | tr '\\0' x"])
        #expect(outcome.output.utf8.count == 1_000_000)
    }
}
