import Synchronization

/// Whether the supervisor has been told that the daemon is ready; it must not hear so from a reload
/// first.
final class Readiness: Sendable {
    private let isReady = Mutex(false)

    /// Runs `tell`, and is ready from now on.
    func reached(_ tell: () -> Void) {
        isReady.withLock { isReady in
            tell()
            isReady = true
        }
    }

    /// Runs `body` with whether it is ready; that does not change meanwhile.
    func hold(_ body: (Bool) -> Void) {
        isReady.withLock { body($0) }
    }
}
