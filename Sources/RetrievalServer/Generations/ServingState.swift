import Foundation
import Retrieval
import Synchronization
import Wire

/// What the daemon serves at this moment, and what is wrong with what it should serve.
final class ServingState: Sendable {
    private struct State {
        var served: ServedGeneration? { didSet { encodedHealth = nil } }
        var trouble: String? { didSet { encodedHealth = nil } }
        /// Whether what is served has taken the place of what could not be, at the start.
        var isSubstitute = false
        /// Whether nobody has looked yet for what there is to serve.
        var isStarting = false { didSet { encodedHealth = nil } }
        /// The answer to `Health`, until anything changes.
        var encodedHealth: [UInt8]?
    }

    private let workspace: URL
    private let state: Mutex<State>

    /// What is served of `workspace`: nothing, until somebody has looked for what there is, where
    /// this is the start.
    init(workspace: URL, isStarting: Bool = false) {
        self.workspace = workspace
        state = Mutex(State(isStarting: isStarting))
    }

    /// Whether nobody has looked yet for what there is to serve.
    var isStarting: Bool { state.withLock { $0.isStarting } }

    /// What there is to serve has been looked for.
    func endStart() { state.withLock { $0.isStarting = false } }

    /// The generation to answer from; a call asks once, and keeps what it got.
    var served: ServedGeneration? {
        state.withLock { $0.served }
    }

    /// Why the last published generation is not the one served; nil where it is.
    var trouble: String? {
        state.withLock { $0.trouble }
    }

    /// Whether searches are answered, and from what.
    var health: HealthResponse { state.withLock { health(of: $0) } }

    /// The same as bytes, made once for all who ask until something changes.
    var encodedHealth: [UInt8] {
        state.withLock { state in
            if let known = state.encodedHealth { return known }
            let bytes = health(of: state).encoded()
            state.encodedHealth = bytes
            return bytes
        }
    }

    /// Whether what is served stands in for the generation that is published.
    var isSubstitute: Bool { state.withLock { $0.isSubstitute } }

    /// What there is to serve, as a call may ask it.
    var generationsJob: GenerationsJob {
        GenerationsJob(workspace: workspace, served: served?.generation.number)
    }

    /// What an operator has to do before anything can be answered.
    var reasonNotServing: String { state.withLock { reasonNotServing($0) } }

    private func reasonNotServing(_ state: State) -> String {
        guard !state.isStarting else {
            return "the daemon has just begun, and looks for what was published; ask again soon"
        }
        return state.trouble.map { "no generation can be served: \($0)" }
            ?? "no generation has been published in \(workspace.path); "
            + "run: corkboard index -w \(workspace.path)"
    }

    private func health(of state: State) -> HealthResponse {
        var health = HealthResponse()
        guard let number = state.served?.generation.number else {
            health.state = .notServing
            health.message = reasonNotServing(state)
            return health
        }
        guard let trouble = state.trouble else {
            health.state = .serving
            health.message = "serving generation \(number)"
            return health
        }
        health.state = .degraded
        health.message =
            state.isSubstitute
            ? "serving generation \(number), which was published earlier: \(trouble)"
            : "still serving generation \(number): \(trouble)"
        return health
    }
}

// MARK: - Changes

extension ServingState {
    /// Serves `next` from the next call on, and gives the one before; with `trouble`, in the place of
    /// another.
    ///
    /// Whoever lets go of that one last frees it, which may take a while.
    func serve(_ next: ServedGeneration, trouble: String? = nil) -> ServedGeneration? {
        state.withLock { state in
            defer {
                (state.served, state.trouble) = (next, trouble)
                state.isSubstitute = trouble != nil
            }
            return state.served
        }
    }

    /// Serves nothing from the next call on.
    func withdraw() {
        let old = state.withLock { state in
            defer { state.served = nil }
            return state.served
        }
        old?.tenure.end()
    }

    /// Goes on with what is served, if anything is.
    func report(trouble: String) {
        state.withLock { $0.trouble = trouble }
    }
}
