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
        let yaml =
            "workspace: /w\nsocket: /s\nlog_level: debug\nthreads: 3\nkeep_awake: true\n"
            + "recall_sample: 0.5\nmetrics: 127.0.0.1:9464\nslow_query: 2.5\n"
        var expected = DaemonConfiguration()
        expected.workspace = "/w"
        expected.socket = "/s"
        expected.logLevel = "debug"
        expected.threads = 3
        expected.keepAwake = true
        expected.recallSample = 0.5
        expected.metrics = "127.0.0.1:9464"
        expected.slowQuery = 2.5
        #expect(try read(yaml) == expected)
        #expect(expected.level == .debug)
    }

    @Test(arguments: [
        ("threads: 0", "threads is 0, but must be from 1 to 1024"),
        ("log_level: loud", "log_level is loud, but must be one of trace, debug"),
        ("workspace: ''", "workspace is empty"),
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
}
