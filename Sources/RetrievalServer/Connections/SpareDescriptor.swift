import Foundation
import Synchronization

/// A descriptor that is held for nothing, and given away when there are no others.
///
/// Dispatch cannot do without: where work waits it looks once a second what its threads are doing, in
/// files of `/proc`, and ends the process where it cannot open one.
final class SpareDescriptor: Sendable {
    private enum State {
        case held(Int32)
        /// What `errno` said is the reason.
        case missing(Int32)

        /// Takes one, if there is one.
        static func taken() -> State {
            let descriptor = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
            return descriptor < 0 ? .missing(errno) : .held(descriptor)
        }
    }

    private let state = Mutex(State.taken())

    deinit { giveAway(because: 0) }

    /// Leaves it to whoever needs one next, since `errno` said that there are no others.
    func giveAway(because reason: Int32) {
        state.withLock { state in
            if case .held(let descriptor) = state {
                close(descriptor)
            }
            state = .missing(reason)
        }
    }

    /// Why it is not there to be given away, as `errno` says it; nil where it is.
    ///
    /// It is taken back where that leaves another.
    func lack() -> Int32? {
        state.withLock { state in
            if case .missing = state, DescriptorLimit.isRoom(for: 2) {
                state = .taken()
            }
            guard case .missing(let reason) = state else { return nil }
            return reason
        }
    }
}
