import Foundation

/// Lets this thread give way to others, those of the event loops above all: in Linux each thread has
/// a priority of its own, and a process that has just begun has one thread.
package func lowerPriority() {
    // 0 stands for the calling thread.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
}
