import Synchronization

/// What something will have come to, for the one task that waits for it.
///
/// A promise of NIO would do, at the price of a task for the event loop, which is asked to tell who
/// waits; this one is told from wherever it is settled.
final class Outcome<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case settled(Result<Value, any Error>)
    }

    private let state = Mutex(State.open)

    /// Says what it came to; to be done once.
    func settle(_ result: Result<Value, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            defer { state = .settled(result) }
            guard case .awaited(let continuation) = state else { return nil }
            return continuation
        }
        waiting?.resume(with: result)
    }

    /// Waits for it; to be done once.
    var value: Value {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let settled = state.withLock { state -> Result<Value, any Error>? in
                    guard case .settled(let result) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    return result
                }
                if let settled {
                    continuation.resume(with: settled)
                }
            }
        }
    }
}
