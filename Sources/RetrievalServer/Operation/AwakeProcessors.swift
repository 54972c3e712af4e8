import Foundation
import ServiceLifecycle

/// Keeps the processors from going to sleep while nothing is to be done.
///
/// Waking one up takes longer than a search, in a virtual machine above all, where a halt hands the
/// processor back to the host; and a round trip wakes two. A thread for each processor spins with
/// the priority SCHED_IDLE, which yields to whatever else there is to do.
struct AwakeProcessors: Service {
    private let isOver = Flag()

    func run() async throws {
        for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
            Thread { [isOver] in spin(until: isOver) }.start()
        }
        try? await gracefulShutdown()
        isOver.raise()
    }
}

/// Spins on this thread until `isOver`; not at all where the system refuses the priority.
private func spin(until isOver: Flag) {
    guard takeIdlePriority() else { return }
    while !isOver.isRaised {}
}
