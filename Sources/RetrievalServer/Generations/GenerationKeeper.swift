import Foundation
import Logging
import Retrieval
import ServiceLifecycle
import Synchronization

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
        case look
        case publish(PublishOrder)
    }

    let swap: GenerationSwap
    private let interval: Duration
    private let orders: AsyncStream<Order>
    private let enqueue: AsyncStream<Order>.Continuation
    private let isLookDue = Flag()

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

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
        for await case .publish(let order) in orders {
            order.done(.failure(RetrievalServerError(.system, "the daemon stops")))
        }
    }

    /// Publishes the first generation that `candidates` names and that can be served.
    ///
    /// - Throws: ``RetrievalServerError`` about the last of them.
    func publish(
        force: Bool,
        _ candidates: @escaping @Sendable (GenerationFolder) throws -> [Int]
    ) async throws -> Publication {
        try await withCheckedThrowingContinuation { continuation in
            let order = PublishOrder(force: force, candidates: candidates) {
                continuation.resume(with: $0)
            }
            if case .terminated = enqueue.yield(.publish(order)) {
                order.done(.failure(RetrievalServerError(.system, "the daemon stops")))
            }
        }
    }

    var folder: GenerationFolder { GenerationFolder(workspace: swap.workspace) }
    private var identity: FileIdentity? { FileIdentity(ofFileAt: folder.currentFile.path) }
    private var nextStep: String { "corkboard index -w \(swap.workspace.path)" }

    /// Asks for a look every `interval`, unless one is still to be had.
    private func tick() async throws {
        while true {
            if !isLookDue.value.exchange(true, ordering: .relaxed) {
                enqueue.yield(.look)
            }
            try await Task.sleep(for: interval)
        }
    }

    private func carryOut() async {
        var seen: FileIdentity?
        var retry = RetryPlan(firstPause: interval)
        for await order in orders {
            switch order {
            case .look:
                isLookDue.value.store(false, ordering: .relaxed)
                let current = identity
                let isNew = current != nil && current != seen
                if isNew {
                    seen = current
                    retry.forget()
                }
                guard isNew || retry.isDue(at: .now) else { continue }
                if await follow() {
                    retry.forget()
                } else {
                    retry.failed(at: .now)
                }
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
}

// MARK: - An administrator's wish

extension GenerationKeeper {
    private func carryOut(_ order: PublishOrder) async -> Result<Publication, any Error> {
        do {
            var last = RetrievalServerError(
                .missing,
                "there is no generation to go to; \(nextStep)"
            )
            for number in try order.candidates(folder) {
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
