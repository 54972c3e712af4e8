import Foundation
import Synchronization

/// A descriptor that is held for nothing, and given away when there are no others.
///
/// Dispatch cannot do without: where work waits it looks once a second what its threads are doing, in
/// files of `/proc`, and ends the process where it cannot open one.
final class SpareDescriptor: Sendable {
    // -1 where it is given away.
    private let held = Mutex(SpareDescriptor.open())

    deinit { giveAway() }

    /// Leaves it to whoever needs one next.
    func giveAway() {
        held.withLock { held in
            if held >= 0 {
                close(held)
            }
            held = -1
        }
    }

    /// Whether it is held, and may be given away; it is taken back where that leaves another.
    func isHeld() -> Bool {
        held.withLock { held in
            if held < 0, DescriptorLimit.isRoom(for: 2) {
                held = Self.open()
            }
            return held >= 0
        }
    }

    private static func open() -> Int32 {
        unsafe Foundation.open("/dev/null", O_RDONLY | O_CLOEXEC)
    }
}
