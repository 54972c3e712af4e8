import Foundation

/// What to do where the system has no more of something, by the number that it left in `errno`; nil
/// for every other number.
package func adviceOnExhaustion(_ number: Int32) -> String? {
    switch number {
    case ENOSPC, EDQUOT:
        "make room there, and try again"
    case EMFILE:
        "this process may have \(openFiles) files and sockets open; raise that limit (ulimit -n, "
            + "or LimitNOFILE of the unit), and try again"
    case ENFILE:
        "all processes together may have no more files open; raise that limit (sysctl fs.file-max), "
            + "and try again"
    default:
        nil
    }
}

private var openFiles: String {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    return unsafe getrlimit(kind, &limit) == 0 ? "\(limit.rlim_cur)" : "only so many"
}
