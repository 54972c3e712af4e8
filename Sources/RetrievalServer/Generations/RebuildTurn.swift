import Synchronization
import Wire

/// Whose turn it is to build: one at a time, and nobody's once the daemon stops.
final class RebuildTurn: Sendable {
    private struct State {
        var isStopping = false
        var lastID = 0
        /// The builds that have not ended, those that wait for their turn among them.
        var builds: [Int: Build] = [:]
        /// The one whose turn it is.
        var holder: Int?
    }

    private struct Build {
        let task: Task<Void, Never>
        var isCancelled = false
    }

    private static let pause = Duration.milliseconds(20)

    private let patience: Duration
    private let state = Mutex(State())

    /// Who comes while a build ends early waits for that, as long as `patience`.
    init(patience: Duration) {
        self.patience = patience
    }

    /// Gives a new build its number, and `start` the chance to start its task, which must take the
    /// turn first, and end at last.
    func enter(_ start: (_ id: Int) -> Task<Void, Never>) -> Int {
        state.withLock { state in
            state.lastID += 1
            state.builds[state.lastID] = Build(task: start(state.lastID))
            return state.lastID
        }
    }

    /// Takes the turn for build `id`; where the one before was cancelled, waits until it has ended.
    ///
    /// - Throws: ``CallError``: `failedPrecondition` where another is at work, or does not end, and
    ///   `unavailable` where the daemon stops.
    func take(_ id: Int) async throws {
        let end = ContinuousClock.now + patience
        while !(try isTaken(by: id)) {
            guard ContinuousClock.now < end else { throw CallError.rebuildIsEnding }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Whether it is the turn of build `id` now; false where it may soon be.
    private func isTaken(by id: Int) throws(CallError) -> Bool {
        let outcome: Result<Bool, CallError> = state.withLock { state in
            if state.isStopping { return .failure(.draining) }
            if let holder = state.holder {
                let isEnding = state.builds[holder]?.isCancelled ?? false
                return isEnding ? .success(false) : .failure(.rebuildIsAtWork)
            }
            state.holder = id
            return .success(true)
        }
        return try outcome.get()
    }

    /// Asks build `id` to end early.
    func cancel(_ id: Int) {
        let build = state.withLock { state in
            state.builds[id]?.isCancelled = true
            return state.builds[id]
        }
        build?.task.cancel()
    }

    /// Notes that build `id` has ended.
    func end(_ id: Int) {
        state.withLock { state in
            state.builds[id] = nil
            if state.holder == id { state.holder = nil }
        }
    }

    /// Why a build was ended early.
    var reasonToEnd: CallError {
        state.withLock { $0.isStopping ? .draining : .cancelled }
    }

    /// Ends all builds, and returns when they have ended.
    func stop() async {
        let builds = state.withLock { state in
            state.isStopping = true
            return Array(state.builds.values)
        }
        for build in builds {
            build.task.cancel()
        }
        for build in builds {
            await build.task.value
        }
    }
}

extension CallError {
    fileprivate static let rebuildIsAtWork = CallError(
        .failedPrecondition,
        "a rebuild is at work already; wait until it ends, or cancel it"
    )
    fileprivate static let rebuildIsEnding = CallError(
        .failedPrecondition,
        "the rebuild that was cancelled is still ending; try again in a second"
    )
}
