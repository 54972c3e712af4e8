import Configuration
import Foundation
import Logging
import TestSupport
import Testing

@testable import RetrievalServer

struct DaemonConfigurationTests {
    private func read(_ yaml: String) throws -> DaemonConfiguration {
        try withTemporaryFolder { folder in
            let file = folder.appendingPathComponent("f.yaml")
            try Data(yaml.utf8).write(to: file)
            return try overlay(DaemonConfiguration(), file: file)
        }
    }

    @Test func `an empty file, or one of comments, is the default`() throws {
        let standard = DaemonConfiguration()
        #expect(try read("") == standard)
        #expect(try read("# nothing\n") == standard)
        #expect(standard.socketPath.hasSuffix("corkboard.d/corkboardd.sock"))
    }

    @Test func `the example in config names the defaults`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let example = root.appendingPathComponent("config/corkboardd.yaml")
        #expect(try overlay(DaemonConfiguration(), file: example) == DaemonConfiguration())
    }

    @Test func `every key is read`() throws {
        let yaml = """
            workspace: /w
            socket: /s
            socket_group: root
            log_level: debug
            threads: 3
            busy_poll: 7
            keep_awake: true
            connections: 7
            frame_timeout: 0.5
            stall_timeout: 3
            drain_timeout: 1.25
            allow_users: [root, 1000]
            allow_groups: [8]
            admin_users:
            - 1001
            admin_groups: []
            recall_sample: 0.5
            metrics: 127.0.0.1:9464
            slow_query: 2.5
            """
        var expected = DaemonConfiguration()
        expected.workspace = "/w"
        expected.socket = "/s"
        expected.logLevel = "debug"
        expected.threads = 3
        expected.busyPoll = 7
        expected.keepAwake = true
        expected.connections = 7
        expected.frameTimeout = 0.5
        expected.stallTimeout = 3
        expected.drainTimeout = 1.25
        expected.socketGroup = "root"
        expected.allowUsers = ["root", "1000"]
        expected.allowGroups = ["8"]
        expected.adminUsers = ["1001"]
        expected.recallSample = 0.5
        expected.metrics = "127.0.0.1:9464"
        expected.slowQuery = 2.5
        #expect(try read(yaml) == expected)
        #expect(expected.level == .debug)
        #expect(expected.complaint == nil)
        let terms = try expected.terms(ofSocketGroup: 5, limit: 1000)
        #expect(terms.connections == 7 && terms.frameTime == .milliseconds(500))
        #expect(terms.stallTime == .seconds(3) && terms.drainTime == .milliseconds(1250))
        let rules = terms.access
        #expect(rules.users == [0, 1000] && rules.groups == [8] && rules.socketGroup == 5)
        #expect(rules.adminUsers == [1001] && rules.adminGroups.isEmpty)
    }

    @Test(arguments: [
        ("threads: 0", "threads is 0, but must be from 1 to 1024"),
        ("log_level: loud", "log_level is loud, but must be one of trace, debug"),
        ("workspace: ''", "workspace is empty"),
        ("connections: 0", "connections is 0, but must be from 1 to 1000000"),
        ("frame_timeout: 0", "frame_timeout is 0.0, but must be from 0.01 to 3600 seconds"),
        ("stall_timeout: -1", "stall_timeout is -1.0, but must be"),
        ("drain_timeout: 4000", "drain_timeout is 4000.0, but must be"),
        (
            "allow_users: [no-such-user]",
            "allow_users names no-such-user, but there is no such user"
        ),
        ("allow_groups: ['']", "allow_groups names , but there is no such group"),
        ("admin_users: [65534]", "admin_users names 65534, which stands for whoever has no id"),
        ("admin_groups: [4294967295]", "admin_groups names 4294967295, but there is no such group"),
        ("socket_group: -1", "socket_group names -1, but there is no such group"),
        ("recall_sample: 1.5", "recall_sample is 1.5, but must be from 0 to 1"),
        ("slow_query: -1", "slow_query is -1.0, but must be 0 or a number of milliseconds"),
        ("metrics: 0.0.0.0:9464", "0.0.0.0:9464, which could be reached from other machines"),
    ])
    func `a value out of range is named, with what may stand there`(
        yaml: String,
        part: String
    ) throws {
        let complaint = try read(yaml).complaint
        #expect(complaint?.contains(part) == true, "\(complaint ?? "no complaint")")
    }

    @Test func `a key that does not exist is refused with the nearest`() throws {
        let error = #expect(throws: ConfigurationError.self) { _ = try read("loglevel: info") }
        #expect(error?.description.contains("did you mean log_level?") == true)
    }

    @Test func `what changes between two files is told apart by when it is followed`() throws {
        let old = try read("")
        let next = try read(
            "log_level: debug\nthreads: 4\nadmin_users: [1]\nsocket: /s\nslow_query: 5\n"
                + "recall_sample: 0"
        )
        let changes = try old.changes(to: next)
        #expect(changes.taken == ["admin_users", "log_level", "recall_sample", "slow_query"])
        #expect(changes.waiting == ["socket", "threads"])
        let none = try old.changes(to: old)
        #expect(none.taken.isEmpty && none.waiting.isEmpty)
    }

    @Test func `what waits for a restart is told of until it is as it was`() throws {
        let old = try read("")
        let next = try read("log_level: debug\nthreads: 4\nconnections: 5\nmetrics: /m")
        let running = old.following(next)
        #expect(running.threads == old.threads && running.metrics.isEmpty)
        let again = try running.changes(to: next)
        #expect(again.taken.isEmpty && again.waiting == ["metrics", "threads"])
        let back = try running.changes(to: old)
        #expect(back.taken == ["connections", "log_level"] && back.waiting.isEmpty)
    }
}
