import NIOCore
import Retrieval
import Wire

/// Answers the calls of `corkboard.v1.Control`, but for Cancel, which concerns one connection.
struct ControlService: Sendable {
    let keeper: GenerationKeeper
    let rebuild: Rebuild

    func answer(_ pending: PendingCall, on loop: any EventLoop) throws(CallError) -> Reply {
        switch pending.call.method {
        case .publish:
            let request = try pending.call.message(PublishRequest.self)
            guard let number = Int(exactly: request.generation), number > 0 else {
                throw CallError(
                    .invalidArgument,
                    "generation \(request.generation) is asked for; give a number from 1 on"
                )
            }
            return publication(of: pending, force: request.force, on: loop) { _ in [number] }
        case .rollback:
            _ = try pending.call.message(RollbackRequest.self)
            // Who goes back knows why: what is worse than a bad generation is to be kept from it.
            return publication(of: pending, force: true, on: loop) { try $0.older().older }
        case .rebuild:
            return .stream(try rebuild.start(try pending.call.message(RebuildRequest.self)))
        default:
            throw CallError(.unimplemented, "method \(pending.call.method.rawValue)")
        }
    }

    private func publication(
        of pending: PendingCall,
        force: Bool,
        on loop: any EventLoop,
        _ candidates: @escaping @Sendable (GenerationFolder) throws -> [Int]
    ) -> Reply {
        .later(
            loop.makeFutureWithTask {
                do {
                    let publication = try await keeper.publish(
                        force: force,
                        checkIsWanted: { try pending.checkIsWanted() },
                        candidates
                    )
                    return Result { () throws(CallError) in
                        try encoded(PublishResponse(publication))
                    }
                } catch let error as RetrievalServerError {
                    return .failure(CallError(error))
                }
            }
        )
    }
}

extension PublishResponse {
    fileprivate init(_ publication: Publication) {
        self.init()
        generation = UInt64(clamping: publication.generation.generation)
        previous = UInt64(clamping: publication.previous?.generation ?? 0)
        recall = publication.generation.measured.recall
        previousRecall = publication.previous?.measured.recall ?? 0
    }
}
