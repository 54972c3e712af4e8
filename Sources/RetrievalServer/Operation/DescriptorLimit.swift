import Foundation

/// How many files and sockets this process may have open.
enum DescriptorLimit {
    /// The least number of connections that it makes sense to start with.
    private static let leastConnections = 8
    /// How many it takes to start a program, to hear it, and to wait for its end.
    private static let ofProgram = 16

    /// Raises the limit as far as the system lets this process, and tells it.
    static func raise() throws(RetrievalServerError) -> Int {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard unsafe getrlimit(kind, &limit) == 0 else {
            throw .system(errno, "ask for the limit of open files")
        }
        if limit.rlim_cur < limit.rlim_max {
            let before = limit.rlim_cur
            limit.rlim_cur = limit.rlim_max
            // What is refused leaves the limit as it was.
            if unsafe setrlimit(kind, &limit) != 0 {
                limit.rlim_cur = before
            }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// Whether `count` more may be open.
    ///
    /// To try would take what others need.
    static func isRoom(for count: Int) -> Bool {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return false
        }
        var free = 0
        for number in 0..<Int32(clamping: limit.rlim_cur) where fcntl(number, F_GETFD) < 0 {
            free += 1
            if free == count { return true }
        }
        return false
    }

    /// To be asked before a program is started.
    ///
    /// Subprocess (1.0.2) ends this whole process where it gets some of the descriptors that it needs
    /// and not all, and where it lacks those that it takes only once it starts nothing ever after.
    ///
    /// - Throws: ``RetrievalServerError`` of code `exhausted` where there are too few for `program`.
    static func checkRoom(toStart program: String) throws(RetrievalServerError) {
        guard isRoom(for: ofProgram) else { throw .system(EMFILE, "start \(program)") }
    }

    /// How many connections there may be of those `asked` for, where `limit` files may be open,
    /// `threads` serve, and metrics are told or not.
    ///
    /// - Throws: ``RetrievalServerError`` of code `system` where even a few do not fit.
    static func connections(
        asked: Int,
        limit: Int,
        threads: Int,
        tellsMetrics: Bool
    ) throws(RetrievalServerError) -> Int {
        let reserve = reserve(threads: threads) + (tellsMetrics ? MetricsServer.descriptors : 0)
        guard limit >= reserve + min(asked, leastConnections) else {
            throw RetrievalServerError(
                .system,
                "\(limit) files may be open at a time, but \(reserve) are needed beside the "
                    + "connections, and at least \(leastConnections) for these; raise the limit "
                    + "(ulimit -n, or LimitNOFILE of the unit)"
            )
        }
        return min(asked, limit - reserve)
    }

    /// What is open beside connections: two for each event loop, and some thirty for the store,
    /// two generations while one replaces the other, the log, and a child that verifies.
    private static func reserve(threads: Int) -> Int {
        32 + 2 * threads
    }
}
