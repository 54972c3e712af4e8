import Foundation

/// Gives this thread a priority that yields to whatever else there is to do; false where the
/// system refuses.
func takeIdlePriority() -> Bool {
    // SCHED_IDLE of the kernel's sched.h, which Swift does not see.
    let idlePolicy: Int32 = 5
    var priority = sched_param(sched_priority: 0)
    // 0 stands for the calling thread.
    return unsafe sched_setscheduler(0, idlePolicy, &priority) == 0
}
