import Foundation
import ServiceLifecycle
import Synchronization

/// Keeps the processors from going to sleep while nothing is to be done.
///
/// Waking one up takes longer than a search, in a virtual machine above all, where a halt hands the
/// processor back to the host; and a round trip wakes two. A thread for each processor spins with
/// the priority SCHED_IDLE, which yields to whatever else there is to do.
struct AwakeProcessors: Service {
    private let isOver = Flag()

    private final class Flag: Sendable {
        let value = Atomic(false)
    }

    func run() async throws {
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
            Thread { [isOver] in spin(until: isOver.value) }.start()
        }
        try? await gracefulShutdown()
        isOver.value.store(true, ordering: .relaxed)
    }
}

/// SCHED_IDLE of the kernel's sched.h, which Swift does not see.
private let idlePolicy: Int32 = 5

/// Spins on this thread until `isOver`; not at all where the system refuses the priority.
private func spin(until isOver: borrowing Atomic<Bool>) {
    var priority = sched_param(sched_priority: 0)
    guard unsafe sched_setscheduler(0, idlePolicy, &priority) == 0 else { return }
    while !isOver.load(ordering: .relaxed) {}
}
