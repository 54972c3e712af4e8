import Foundation
import Logging
import Retrieval
import ServiceLifecycle

/// Decides which generation is served: the published one, followed without a restart, or the one
/// that an administrator asks for.
///
/// It does one thing after another. Every `interval` it looks whether `CURRENT` is another file than
/// before, which costs one system call. Where anything is wrong with a new generation the old one
/// stays. What may pass, such as a want of descriptors or memory, is tried again after pauses that
/// grow.
struct GenerationKeeper: Service {
    /// What to do next.
    private enum Order {
        /// Who asked hears when that is done.
        case look(done: @Sendable () -> Void)
        case publish(PublishOrder)
    }

    let swap: GenerationSwap
    private let interval: Duration
    private let orders: AsyncStream<Order>
    private let enqueue: AsyncStream<Order>.Continuation
    private let isLookDue = Flag()

    init(_ swap: GenerationSwap, interval: Duration) {
        self.swap = swap
        self.interval = interval
        (orders, enqueue) = AsyncStream.makeStream()
    }

    func run() async throws {
        if identity == nil {
            swap.logger.warning("no generation is published", metadata: ["next": "\(nextStep)"])
        }
        try? await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await tick() }
                group.addTask { await carryOut() }
                try await group.next()
                group.cancelAll()
            }
        }
        enqueue.finish()
        for await order in orders {
            switch order {
            case .look(let done): done()
            case .publish(let order): order.done(.failure(RetrievalServerError.stopping))
            }
        }
    }

    /// Returns when what is published now is served, or refused.
    func catchUp() async {
        await withCheckedContinuation { continuation in
            let look = Order.look { continuation.resume() }
            if case .terminated = enqueue.yield(look) {
                continuation.resume()
            }
        }
    }

    /// Publishes the first generation that `candidates` names and that can be served.
    ///
    /// It does not begin where `checkIsWanted` throws by then.
    ///
    /// - Throws: ``RetrievalServerError`` about the last of them, or what `checkIsWanted` throws.
    func publish(
        force: Bool,
        checkIsWanted: @escaping @Sendable () throws -> Void,
        _ candidates: @escaping @Sendable (GenerationFolder) throws -> [Int]
    ) async throws -> Publication {
        try await withCheckedThrowingContinuation { continuation in
            let order = PublishOrder(
                force: force,
                checkIsWanted: checkIsWanted,
                candidates: candidates
            ) { continuation.resume(with: $0) }
            if case .terminated = enqueue.yield(.publish(order)) {
                order.done(.failure(RetrievalServerError.stopping))
            }
        }
    }

    var folder: GenerationFolder { GenerationFolder(workspace: swap.workspace) }
    private var identity: FileIdentity? { FileIdentity(ofFileAt: folder.currentFile.path) }
    var nextStep: String { "corkboard index -w \(swap.workspace.path)" }

    /// Asks for a look every `interval`, unless one is still to be had.
    private func tick() async throws {
        while true {
            if isLookDue.raise() {
                enqueue.yield(.look { isLookDue.lower() })
            }
            try await Task.sleep(for: interval)
        }
    }

    private func carryOut() async {
        var seen: FileIdentity?
        var retry = RetryPlan(firstPause: interval)
        for await order in orders {
            switch order {
            case .look(let done):
                await look(&seen, &retry)
                done()
            case .publish(let order):
                let outcome = await carryOut(order)
                if case .success = outcome {
                    seen = identity
                    retry.forget()
                }
                order.done(outcome)
            }
        }
    }

    /// Follows `CURRENT` where it is another file than the one `seen`, or another try is due.
    private func look(_ seen: inout FileIdentity?, _ retry: inout RetryPlan) async {
        let current = identity
        let isNew = current != nil && current != seen
        if isNew {
            seen = current
            retry.forget()
        }
        if current == nil {
            swap.state.endStart()  // there is nothing to wait for
        }
        guard isNew || retry.isDue(at: .now) else { return }
        if await follow() {
            retry.forget()
        } else {
            retry.failed(at: .now)
        }
    }
}
