import Synchronization

/// A generation that is served no more, until nobody is at work on it.
///
/// It is a class so that the task that waits holds this, and nothing else holds the generation: what
/// a task's closure captures it holds to its end, and so the generation would never be its alone.
final class RetiredGeneration: Sendable {
    private let tenure: Tenure
    private let held: Mutex<ServedGeneration?>

    /// Ends the tenure of `generation`.
    init(_ generation: ServedGeneration) {
        tenure = generation.tenure
        tenure.end()
        held = Mutex(generation)
    }

    /// Frees it, unless somebody else holds or borrows it; whether it has been freed.
    func letGo() -> Bool {
        held.withLock { held in
            guard !tenure.isBorrowed, isKnownUniquelyReferenced(&held) else { return held == nil }
            held = nil
            return true
        }
    }
}
