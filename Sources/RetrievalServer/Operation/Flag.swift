import Synchronization

/// A yes or no that any thread may read and change; no other memory follows from it.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isRaised: Bool { value.load(ordering: .relaxed) }

    /// Raises it; false where it was raised already.
    @discardableResult
    func raise() -> Bool { !value.exchange(true, ordering: .relaxed) }

    func lower() {
        value.store(false, ordering: .relaxed)
    }
}
