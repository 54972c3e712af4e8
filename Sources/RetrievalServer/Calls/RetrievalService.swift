import NIOCore
import Retrieval
import SwiftProtobuf
import Wire

/// Answers the calls of `corkboard.v1.Retrieval`, and has those of `Control` answered.
///
/// Each call is answered from one generation, the one served when it began. Short searches run
/// where they arrive; whatever may take long or touches the store's file runs on `pool`.
struct RetrievalService: Sendable {
    let state: ServingState
    let pool: WorkPool
    let telemetry: Telemetry
    private let control: ControlService
    /// What `Info` tells of connections.
    let terms: Replaceable<ConnectionTerms>

    init(
        state: ServingState,
        pool: WorkPool,
        control: ControlService,
        terms: Replaceable<ConnectionTerms> = Replaceable(ConnectionTerms()),
        telemetry: Telemetry = Telemetry()
    ) {
        self.state = state
        self.pool = pool
        self.control = control
        self.terms = terms
        self.telemetry = telemetry
    }

    /// The answer to a call; see ``Answer``.
    func answer(_ pending: PendingCall, on loop: any EventLoop) -> Reply {
        do throws(CallError) {
            try pending.checkIsWanted()
            try pending.checkIsAllowed()
            switch pending.call.method {
            case .search:
                let request = try pending.call.searchRequest()
                return try reply(to: pending, on: loop, try job(request))
            case .related:
                let request = try pending.call.message(RelatedRequest.self)
                return try reply(to: pending, on: loop, try job(request))
            case .recommend:
                let request = try pending.call.message(RecommendRequest.self)
                return try reply(
                    to: pending,
                    on: loop,
                    try RecommendJob(request, from: try served())
                )
            case .get:
                let request = try pending.call.message(GetRequest.self)
                return try reply(to: pending, on: loop, try GetJob(request, from: try served()))
            case .info:
                return .now(.success(try encoded(info())))
            case .health:
                return .now(.success(state.encodedHealth))
            case .stats:
                return .now(.success(try encoded(stats())))
            case .generations:
                _ = try pending.call.message(GenerationsRequest.self)
                return try reply(to: pending, on: loop, state.generationsJob)
            case .publish, .rollback, .rebuild, .cancel:
                return try control.answer(pending, on: loop)
            }
        } catch {
            return .now(.failure(error))
        }
    }

    /// Does `job` here and now where it is short, and on the pool where it is not.
    private func reply(
        to pending: PendingCall,
        on loop: any EventLoop,
        _ job: some Job
    ) throws(CallError) -> Reply {
        guard !job.isShort else {
            return .now(Result { () throws(CallError) in try job.answer(to: pending) })
        }
        return .later(
            try pool.run(for: pending, on: loop) {
                Result { () throws(CallError) in
                    pending.notes?.begin()
                    try pending.checkIsWanted()
                    try pending.checkIsRead()
                    return try job.answer(to: pending)
                }
            }
        )
    }

    private func job(_ request: SearchRequest) throws(CallError) -> SearchJob {
        try SearchJob(request, from: try served(), recall: telemetry.recall)
    }

    private func job(_ request: RelatedRequest) throws(CallError) -> SearchJob {
        try SearchJob(request, from: try served(), recall: telemetry.recall)
    }

    private func served() throws(CallError) -> ServedGeneration {
        guard let served = state.served else {
            let code: StatusCode = state.isStarting ? .unavailable : .failedPrecondition
            throw CallError(code, state.reasonNotServing)
        }
        return served
    }
}

/// The work of a call whose request has been checked.
protocol Job: Sendable {
    /// Whether it may run on an event loop: it is quick, and touches no file.
    var isShort: Bool { get }

    /// Does the work, for as long as `pending` is wanted, and gives the encoded answer.
    func answer(to pending: PendingCall) throws(CallError) -> [UInt8]
}

/// The bytes of `message`.
func encoded(_ message: some Message) throws(CallError) -> [UInt8] {
    do {
        return try message.serializedBytes()
    } catch {
        throw CallError(.internal, "the answer cannot be encoded: \(error)")
    }
}
