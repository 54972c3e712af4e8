import Foundation

/// What a service manager such as systemd says to the programs it starts, in their environment.
package struct ServiceEnvironment: Sendable, Equatable {
    /// Where it wants to hear of the daemon's state, as sd_notify(3) has it.
    var notifySocket: String?
    /// How long it waits for a sign of life.
    var watchdogTime: Duration?
    /// The sockets that it passed, from descriptor 3 on, by their names.
    var passedSockets: [String] = []

    /// Nobody has started this process who wants to hear of it.
    package static let none = ServiceEnvironment(variables: [:], process: 0)

    private static let names = [
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID",
        "LISTEN_PIDFDID", "LISTEN_FDNAMES",
    ]
    /// The first descriptor that is passed.
    static let firstDescriptor: Int32 = 3
    /// The most sockets that are looked at; there should be one.
    private static let mostSockets = 64

    /// What was said to this process; the programs that it starts itself do not hear it again.
    package static func take() -> ServiceEnvironment {
        let variables = ProcessInfo.processInfo.environment
        for name in names {
            _ = unsafe unsetenv(name)
        }
        let environment = ServiceEnvironment(variables: variables, process: getpid())
        for number in environment.passedSockets.indices {
            _ = fcntl(firstDescriptor + Int32(number), F_SETFD, FD_CLOEXEC)
        }
        return environment
    }

    /// What `variables` say to the process of number `process`.
    init(variables: [String: String], process: Int32) {
        func isMeant(_ name: String) -> Bool {
            variables[name].map { $0 == "\(process)" } ?? false
        }
        notifySocket = variables["NOTIFY_SOCKET"]
        if variables["WATCHDOG_PID"] == nil || isMeant("WATCHDOG_PID"),
            let time = variables["WATCHDOG_USEC"].flatMap({ UInt32($0) }), time > 0
        {
            watchdogTime = .microseconds(Int64(time))
        }
        if isMeant("LISTEN_PID"), let count = variables["LISTEN_FDS"].flatMap({ Int($0) }),
            (1...Self.mostSockets).contains(count)
        {
            let names = (variables["LISTEN_FDNAMES"] ?? "").split(
                separator: ":",
                omittingEmptySubsequences: false
            )
            passedSockets = (0..<count).map { $0 < names.count ? String(names[$0]) : "" }
        }
    }
}
