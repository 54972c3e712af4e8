import Logging
import NIOPosix
import Retrieval

// The published generation.
extension GenerationKeeper {
    /// Serves the current generation, or says what is wrong with it; false where that may pass.
    func follow() async -> Bool {
        let isFirst = swap.state.served == nil
        defer { swap.state.endStart() }
        do {
            guard let number = try folder.current() else { return true }
            if isFirst {
                try await swap.pool.runIfActive { try begin(with: number) }
            } else {
                // What only stands in for it is no measure of its recall.
                _ = try await swap.run(number, force: swap.state.isSubstitute)
            }
            return true
        } catch {
            swap.state.report(trouble: "\(error)")
            swap.logger.error(
                "the published generation is refused",
                metadata: ["error": "\(error)"]
            )
            if isFirst {
                await fallBack(becauseOf: "\(error)")
            }
            return !mayPass(error)
        }
    }

    /// Whether the same generation may be sound at another try: wrong bytes stay wrong.
    private func mayPass(_ error: any Error) -> Bool {
        switch error {
        case let error as RetrievalError: !error.isLasting
        case let error as RetrievalServerError:
            [.system, .exhausted, .missing].contains(error.code)
        default: true
        }
    }

    /// Serves the first generation.
    ///
    /// With nothing to go on with, clients would wait for digests that almost always fit, of files
    /// whose form has been checked and which were verified when they were published: so it serves
    /// meanwhile.
    private func begin(with number: Int) throws {
        let start = ContinuousClock.now
        let generation = try folder.open(number, checking: false)
        _ = swap.state.serve(try ServedGeneration(generation, workspace: swap.workspace))
        swap.logger.info("serving", metadata: swap.facts(of: generation, since: start))
        do {
            try generation.verifyDigests()
        } catch {
            swap.state.withdraw()
            throw error
        }
    }

    /// With nothing to go on with, a generation that was published earlier is better than none; one
    /// that never was is not, since nobody has asked for it.
    private func fallBack(becauseOf trouble: String) async {
        do {
            try await swap.pool.runIfActive {
                let numbers = try folder.substitutes()
                for number in numbers where serve(number, insteadBecauseOf: trouble) { return }
                let fault =
                    numbers.isEmpty
                    ? "no generation is known to have been published earlier"
                    : "none that was published earlier can be served either"
                swap.state.report(trouble: "\(fault), and \(trouble)")
                swap.logger.error("no generation can be served", metadata: ["because": "\(fault)"])
            }
        } catch {
            swap.logger.error(
                "what was published earlier cannot be read",
                metadata: ["error": "\(error)"]
            )
        }
    }

    private func serve(_ number: Int, insteadBecauseOf trouble: String) -> Bool {
        do {
            let generation = try folder.open(number, checking: true)
            let served = try ServedGeneration(generation, workspace: swap.workspace)
            _ = swap.state.serve(served, trouble: trouble)
            swap.logger.warning(
                "serving a generation that was published earlier",
                metadata: ["generation": "\(number)"]
            )
            return true
        } catch {
            swap.logger.error(
                "a generation that was published earlier is refused",
                metadata: ["generation": "\(number)", "error": "\(error)"]
            )
            return false
        }
    }
}
