import Foundation
package import NIOCore
package import NIOPosix
import Retrieval
import SwiftProtobuf
package import Wire

/// Answers the calls of `corkboard.v1.Retrieval`.
///
/// Each call is answered from one generation, the one served when it began. Short searches run
/// where they arrive; whatever may take long or touches the store's file runs on `pool`.
package struct RetrievalService: Sendable {
    let state: ServingState
    private let pool: NIOThreadPool

    package init(state: ServingState, pool: NIOThreadPool) {
        self.state = state
        self.pool = pool
    }

    /// The answer to a call; see ``Answer``.
    package func answer(_ pending: PendingCall, on loop: any EventLoop) -> Reply {
        do {
            try pending.checkIsWanted()
            switch pending.call.method {
            case .search:
                let search = try SearchJob(pending.call.message(), from: try served())
                return reply(to: pending, on: loop, isShort: search.isShort) {
                    (pending) throws(CallError) in try search.response(to: pending)
                }
            case .related:
                let search = try SearchJob(pending.call.message(), from: try served())
                return reply(to: pending, on: loop, isShort: search.isShort) {
                    (pending) throws(CallError) in try search.response(to: pending)
                }
            case .get:
                let job = try GetJob(pending.call.message(), from: try served())
                return reply(to: pending, on: loop, isShort: false) {
                    (_) throws(CallError) in try job.response()
                }
            case .info:
                return .now(.success(try encoded(info())))
            case .health:
                return .now(.success(try encoded(health())))
            }
        } catch {
            return .now(.failure(error))
        }
    }

    /// Does `work` here and now where it is short, and on the pool where it is not.
    private func reply(
        to pending: PendingCall,
        on loop: any EventLoop,
        isShort: Bool,
        _ work: @escaping @Sendable (PendingCall) throws(CallError) -> some Message
    ) -> Reply {
        guard !isShort else {
            return .now(Result { () throws(CallError) in try encoded(try work(pending)) })
        }
        return .later(
            pool.runIfActive(eventLoop: loop) {
                Result { () throws(CallError) in
                    try pending.checkIsWanted()
                    return try encoded(try work(pending))
                }
            }
        )
    }

    private func served() throws(CallError) -> ServedGeneration {
        guard let served = state.served else {
            throw CallError(.failedPrecondition, state.reasonNotServing)
        }
        return served
    }
}

/// The bytes of `message`.
private func encoded(_ message: some Message) throws(CallError) -> Data {
    do {
        return try message.serializedData()
    } catch {
        throw CallError(.internal, "the answer cannot be encoded: \(error)")
    }
}
