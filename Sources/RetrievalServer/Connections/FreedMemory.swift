import Dispatch
import Synchronization
import Vectors

/// What the C library keeps of memory that was freed, and would keep for ever.
///
/// Answers that nobody read lie scattered among others: when they are freed the library gives back
/// only what lies at the end of its heaps. While it looks everywhere others may
/// wait for memory. So it does once for all who ask within some seconds, and on no event loop.
final class FreedMemory: Sendable {
    /// From so many bytes on it is worth it.
    static let large = 1 << 20

    private let pause: DispatchTimeInterval
    private let giveBack: @Sendable () -> Void
    private let isPlanned = Atomic(false)
    /// What was freed since memory was handed back last.
    private let bytes = Atomic(0)

    /// Memory that is handed to the kernel by `giveBack`, once in a `pause`.
    init(
        pause: DispatchTimeInterval = .seconds(3),
        giveBack: @escaping @Sendable () -> Void = { giveBackFreedMemory() }
    ) {
        self.pause = pause
        self.giveBack = giveBack
    }

    /// So many bytes have been freed: has them handed back in a while, with what is freed until then,
    /// where it is much together.
    func add(_ count: Int) {
        let sum = bytes.wrappingAdd(count, ordering: .relaxed).newValue
        guard sum >= Self.large,
            !isPlanned.exchange(true, ordering: .acquiringAndReleasing)
        else { return }
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + pause) {
            // First: who asks from now on has freed what may be overlooked.
            self.bytes.store(0, ordering: .relaxed)
            self.isPlanned.store(false, ordering: .releasing)
            self.giveBack()
        }
    }
}
