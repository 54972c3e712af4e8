package import Foundation
import Retrieval
import Subprocess
import SystemPackage

/// Checks a generation in a process of its own, so that a file that kills whoever reads it kills no
/// daemon.
struct GenerationCheck: Sendable {
    /// The program that checks, by `--check-generation`; nil to check in this process.
    let program: String?
    let workspace: URL

    /// Reads and compares all of generation `number`: the digests of its files, their form, and some
    /// searches.
    ///
    /// - Throws: ``RetrievalServerError``: `generation` where it is not what it should be, or its
    ///   reader died of it, and `system` where that could not be found out.
    func run(_ number: Int) async throws(RetrievalServerError) {
        guard let program else { return try checkGeneration(number, in: workspace) }
        try DescriptorLimit.checkRoom(toStart: program)
        let result: ExecutionResult<Void, DiscardedOutput, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(
                .path(FilePath(program)),
                arguments: ["--check-generation", "\(number)", "--workspace", workspace.path],
                // A process that dies of what it reads is to die at once, and not to explain itself.
                environment: .inherit.updating(["SWIFT_BACKTRACE": "enable=no"]),
                output: .discarded,
                error: .string(limit: 4096)
            )
        } catch {
            throw RetrievalServerError(.system, "cannot start \(program): \(error)")
        }
        let words = Self.words(of: result.standardError)
        switch result.terminationStatus {
        case .exited(0): return
        case .exited(let code):
            // What the process ended with says what was wrong, as it does to people.
            let codes: [RetrievalServerError.Code] = [.generation, .missing]
            let known = codes.first { RetrievalServerError($0, "").exitCode == code }
            throw RetrievalServerError(known ?? .system, words)
        case .signaled(let signal):
            // SIGKILL is how the kernel takes memory back, which says nothing of the files.
            throw RetrievalServerError(
                signal == SIGKILL ? .system : .generation,
                "the process that checked generation \(number) was ended by signal \(signal)"
            )
        }
    }

    /// What the process said, without the name that it puts before it.
    private static func words(of output: String) -> String {
        let words = output.trimmingCharacters(in: .whitespacesAndNewlines)
        let name = "corkboardd: "
        return words.hasPrefix(name) ? String(words.dropFirst(name.count)) : words
    }
}

/// Reads and compares all of generation `number` of `workspace`, as ``GenerationCheck`` says.
package func checkGeneration(_ number: Int, in workspace: URL) throws(RetrievalServerError) {
    do {
        try GenerationFolder(workspace: workspace).open(number, checking: true).verifyAnswers()
    } catch {
        throw RetrievalServerError(error)
    }
}

extension RetrievalServerError {
    init(_ error: RetrievalError) {
        let code: Code =
            switch error.code {
            case .missing: .missing
            case .damaged, .mismatched: .generation
            default: .system
            }
        self.init(code, error.description)
    }
}
