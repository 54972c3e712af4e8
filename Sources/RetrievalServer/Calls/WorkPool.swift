import NIOCore
import NIOPosix
import Synchronization
import Wire

/// Threads for what may take long, which connections take turns at.
///
/// They give way to the event loops, so that a long call delays no short one by more than the
/// scheduler's own slice; and a connection that asks for much is served as often as one that asks
/// for little.
final class WorkPool: Sendable {
    private struct Work: Sendable {
        let call: PendingCall
        let run: @Sendable (NIOThreadPool.WorkItemState) -> Void
    }

    private let pool: NIOThreadPool
    private let limit: Int
    private let waiting = Mutex(TurnQueue<Work>())
    private let running = Atomic(0)
    private let refused = Atomic(0)

    /// At most `limit` calls may wait.
    init(_ pool: NIOThreadPool, limit: Int = Limits.callsWaiting) {
        self.pool = pool
        self.limit = limit
    }

    /// How many calls wait for a thread.
    var waitingCount: Int { waiting.withLock { $0.count } }
    /// How many calls have a thread.
    var runningCount: Int { running.load(ordering: .relaxed) }
    /// How many calls were turned away, ever.
    var refusedCount: Int { refused.load(ordering: .relaxed) }

    /// Does `work` for a call when its connection's turn has come, unless the pool has been shut
    /// down.
    ///
    /// - Throws: ``CallError`` of code `resourceExhausted` where too many wait already.
    func run(
        for pending: PendingCall,
        on loop: any EventLoop,
        _ work: @escaping @Sendable () -> CallResult
    ) throws(CallError) -> EventLoopFuture<CallResult> {
        let promise = loop.makePromise(of: CallResult.self)
        let new = Work(call: pending) {
            promise.succeed($0 == .active ? work() : .failure(.draining))
        }
        guard add(new, of: pending.caller.connection) else {
            promise.succeed(.failure(.cancelled))
            refused.wrappingAdd(1, ordering: .relaxed)
            throw CallError(
                .resourceExhausted,
                "\(limit) calls wait already; ask again later, or for less"
            )
        }
        pool.submit { state in
            guard let next = self.waiting.withLock({ $0.popFirst() }) else { return }
            self.running.wrappingAdd(1, ordering: .relaxed)
            lowerPriority()
            next.run(state)
            self.running.wrappingSubtract(1, ordering: .relaxed)
        }
        return promise.futureResult
    }

    /// Lets `new` wait, unless as many wait as may.
    ///
    /// Calls that have been cancelled, or whose time has passed, make room for others of their
    /// connection, which may have no more in flight than it has places here.
    private func add(_ new: Work, of owner: Int) -> Bool {
        let (isAdded, dead) = waiting.withLock { waiting in
            let dead =
                waiting.count(of: owner) < Limits.callsInFlight
                ? [] : waiting.remove(of: owner) { $0.call.isCancelled }
            guard waiting.count < limit else { return (false, dead) }
            waiting.append(new, of: owner)
            return (true, dead)
        }
        for work in dead {
            work.run(.cancelled)
        }
        return isAdded
    }
}
