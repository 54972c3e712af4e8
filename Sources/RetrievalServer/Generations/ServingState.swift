import Foundation
import Retrieval
import Synchronization

/// What the daemon serves at this moment, and what is wrong with what it should serve.
final class ServingState: Sendable {
    private struct State {
        var served: ServedGeneration?
        var trouble: String?
        /// Whether what is served has taken the place of what could not be, at the start.
        var isSubstitute = false
    }

    private let workspace: URL
    private let state = Mutex(State())
    private let hasLooked = Flag()

    /// What is served of `workspace`: nothing, until somebody has looked for what there is, where
    /// this is the start.
    init(workspace: URL, isStarting: Bool = false) {
        self.workspace = workspace
        if !isStarting {
            hasLooked.raise()
        }
    }

    /// Whether nobody has looked yet for what there is to serve.
    var isStarting: Bool { !hasLooked.isRaised }

    /// What there is to serve has been looked for.
    func endStart() { hasLooked.raise() }

    /// The generation to answer from; a call asks once, and keeps what it got.
    var served: ServedGeneration? {
        state.withLock { $0.served }
    }

    /// Why the last published generation is not the one served; nil where it is.
    var trouble: String? {
        state.withLock { $0.trouble }
    }

    /// What is served, in one sentence; nil where nothing is.
    var description: String? {
        state.withLock { state in
            guard let number = state.served?.generation.number else { return nil }
            guard let trouble = state.trouble else { return "serving generation \(number)" }
            return state.isSubstitute
                ? "serving generation \(number), which was published earlier: \(trouble)"
                : "still serving generation \(number): \(trouble)"
        }
    }

    /// Whether what is served stands in for the generation that is published.
    var isSubstitute: Bool { state.withLock { $0.isSubstitute } }

    /// What there is to serve, as a call may ask it.
    var generationsJob: GenerationsJob {
        GenerationsJob(workspace: workspace, served: served?.generation.number)
    }

    /// What an operator has to do before anything can be answered.
    var reasonNotServing: String {
        let next = "run: corkboard index -w \(workspace.path)"
        return trouble.map { "no generation can be served: \($0)" }
            ?? "no generation has been published in \(workspace.path); \(next)"
    }

    /// Serves `next` from the next call on, and gives the one before; with `trouble`, in the place of
    /// another.
    ///
    /// Whoever lets go of that one last frees it, which may take a while.
    func serve(_ next: ServedGeneration, trouble: String? = nil) -> ServedGeneration? {
        state.withLock { state in
            defer {
                state = State(served: next, trouble: trouble, isSubstitute: trouble != nil)
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
