import NIOPosix
import Retrieval

// An administrator's wish.
extension GenerationKeeper {
    func carryOut(_ order: PublishOrder) async -> Result<Publication, any Error> {
        do {
            try order.checkIsWanted()
            var last = RetrievalServerError(
                .missing,
                "there is no generation to go to; \(nextStep)"
            )
            for number in try await candidates(of: order) {
                do {
                    return .success(try await publish(number, force: order.force))
                } catch let error as RetrievalServerError {
                    // Of one that is not sound another takes the place; a full disk stays full.
                    guard error.code == .generation || error.code == .missing else { throw error }
                    last = error
                }
            }
            throw last
        } catch let error as RetrievalError {
            return .failure(RetrievalServerError(error))
        } catch {
            return .failure(error)
        }
    }

    private func candidates(of order: PublishOrder) async throws -> [Int] {
        try await swap.pool.runIfActive { [folder] in try order.candidates(folder) }
    }

    private func publish(_ number: Int, force: Bool) async throws -> Publication {
        let previous = try await swap.run(number, force: force) { [folder] in
            try folder.makeCurrent(number)
        }
        guard let served = swap.state.served else {
            throw RetrievalServerError(.system, "generation \(number) is served no longer")
        }
        return Publication(generation: served.generation.manifest, previous: previous)
    }
}
