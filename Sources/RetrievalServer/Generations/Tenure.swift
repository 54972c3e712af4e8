import Synchronization

/// The time that a generation is served, and whether somebody looks at it on spare time.
///
/// A thread that may be stopped for long at any moment must not be the last to let go of a
/// generation: it would have to unmap and free it. So it borrows, without keeping alive what it does
/// not use; and whoever frees a generation ends its tenure first, then waits until nobody borrows it.
///
/// ```swift
/// guard tenure.borrow() else { return }
/// defer { tenure.giveBack() }
/// ```
final class Tenure: Sendable {
    private let over = Atomic(false)
    private let borrowers = Atomic(0)

    var isOver: Bool { over.load(ordering: .sequentiallyConsistent) }

    /// Whether somebody looks at the generation still; nobody begins to once the tenure is over.
    var isBorrowed: Bool { borrowers.load(ordering: .sequentiallyConsistent) > 0 }

    func end() {
        over.store(true, ordering: .sequentiallyConsistent)
    }

    /// False, and nothing to give back, where it is over.
    func borrow() -> Bool {
        // In this order: whoever ends it, and then sees no borrower, will not be overlooked here.
        borrowers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        guard isOver else { return true }
        giveBack()
        return false
    }

    func giveBack() {
        borrowers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }
}
