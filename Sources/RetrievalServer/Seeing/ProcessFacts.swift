import Foundation

/// What the system tells of this process.
struct ProcessFacts: Sendable {
    /// Bytes in memory, mapped files included as far as they are; 0 where that is not told.
    let residentBytes: Int
    /// Seconds of processors, the system's work for it included.
    let processorSeconds: Double

    /// As it is now.
    init() {
        // Pages: all of the address space, those in memory, ...
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii))?
            .split(separator: " ").dropFirst().first.flatMap { Int($0) }
        residentBytes = (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE))
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        processorSeconds = usage.ru_utime.seconds + usage.ru_stime.seconds
    }
}

extension timeval {
    fileprivate var seconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}
