import Foundation
import TestSupport
import Testing

@testable import RetrievalServer

/// What a service manager says, and what it hears.
struct ServiceEnvironmentTests {
    @Test func `what is meant for this process is taken`() {
        let environment = ServiceEnvironment(
            variables: [
                "NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "9",
                "LISTEN_PID": "9", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "a:corkboardd",
            ],
            process: 9
        )
        #expect(environment.notifySocket == "/n" && environment.watchdogTime == .seconds(2))
        #expect(environment.passedSockets == ["a", "corkboardd", ""])
    }

    @Test(arguments: [
        ["LISTEN_PID": "8", "LISTEN_FDS": "1", "WATCHDOG_PID": "8", "WATCHDOG_USEC": "5"],
        ["LISTEN_FDS": "1", "WATCHDOG_USEC": "0"],
        ["LISTEN_PID": "9", "LISTEN_FDS": "0", "WATCHDOG_USEC": "many"],
        ["LISTEN_PID": "9", "LISTEN_FDS": "-1"], ["LISTEN_PID": "9", "LISTEN_FDS": "1000000"],
        ["LISTEN_PID": "9"], [:],
    ])
    func `what is meant for another, or means nothing, is not`(variables: [String: String]) {
        #expect(ServiceEnvironment(variables: variables, process: 9) == .none)
    }

    @Test(arguments: [
        (["a", "b"], "2 sockets were passed, of which 0 are named corkboardd"),
        (["corkboardd", "corkboardd.socket"], "2 sockets were passed, of which 2"),
    ])
    func `of several sockets one has to be meant`(names: [String], part: String) {
        var environment = ServiceEnvironment.none
        environment.passedSockets = names
        let error = #expect(throws: RetrievalServerError.self) {
            _ = try ListeningSocket.passed(by: environment)
        }
        #expect(error?.exitCode == 78 && error?.description.contains(part) == true)
    }

    @Test(arguments: [false, true])
    func `a supervisor hears every state, in order`(isAbstract: Bool) throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("n").path
            let listener = try DatagramSocket(at: isAbstract ? "@" + path : path)
            let supervisor = Supervisor(at: isAbstract ? "@" + path : path, logger: quiet)
            #expect(supervisor.isThere && !supervisor.isStopping)
            supervisor.status("two\nlines")
            supervisor.ready()
            supervisor.reloading()
            supervisor.alive()
            supervisor.stopping()
            let heard = (0..<5).map { _ in listener.receive() ?? "nothing" }
            #expect(heard[0] == "STATUS=two lines" && heard[1] == "READY=1")
            let reloading = heard[2].split(separator: "\n")
            #expect(reloading.first == "RELOADING=1" && reloading.count == 2)
            #expect(reloading.last?.hasPrefix("MONOTONIC_USEC=") == true)
            #expect(heard[3...] == ["WATCHDOG=1", "STOPPING=1"])
            #expect(supervisor.isStopping)
        }
    }

    @Test(arguments: [nil, "", "relative", "vsock:2:1", "/" + String(repeating: "x", count: 200)])
    func `an address that is none is nobody's`(address: String?) {
        let supervisor = Supervisor(at: address, logger: quiet)
        supervisor.ready()
        #expect(!supervisor.isThere)
    }

    @Test func `a supervisor that has gone is no reason to end`() {
        let lines = Lines()
        let supervisor = Supervisor(at: "/nonexistent/n", logger: lines.logger)
        supervisor.ready()
        #expect(lines.all.count == 1 && lines.all[0].contains("tell the service manager READY=1"))
    }
}
