import Logging
import NIOPosix
import Retrieval

// The published generation.
extension GenerationKeeper {
    /// Serves the current generation, or says what is wrong with it; false where that may pass.
    func follow() async -> Bool {
        let isFirst = swap.state.served == nil
        do {
            guard let number = try folder.current() else { return true }
            if isFirst {
                try await swap.pool.runIfActive { try begin(with: number) }
            } else {
                _ = try await swap.run(number, force: false)
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
        case let error as RetrievalServerError: error.code == .system || error.code == .missing
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

    /// With nothing to go on with, an older generation is better than none.
    private func fallBack(becauseOf trouble: String) async {
        do {
            try await swap.pool.runIfActive {
                var bound = try? folder.current()
                while let older = try folder.newestSound(below: bound) {
                    bound = older.number
                    if serve(older, insteadBecauseOf: trouble) { return }
                }
                swap.logger.error("no older generation can be served")
            }
        } catch {
            swap.logger.error("older generations cannot be read", metadata: ["error": "\(error)"])
        }
    }

    private func serve(_ older: Generation, insteadBecauseOf trouble: String) -> Bool {
        do {
            let served = try ServedGeneration(older, workspace: swap.workspace)
            _ = swap.state.serve(served, trouble: trouble)
            swap.logger.warning(
                "serving an older generation",
                metadata: ["generation": "\(older.number)"]
            )
            return true
        } catch {
            swap.logger.error("an older generation is refused", metadata: ["error": "\(error)"])
            return false
        }
    }
}
