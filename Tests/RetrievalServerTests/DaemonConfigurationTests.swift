import Foundation
import Logging
import TestSupport
import Testing

@testable import RetrievalServer

struct DaemonConfigurationTests {
    private func message(of yaml: String) -> String? {
        do {
            _ = try DaemonConfiguration(yaml: yaml, name: "f.yaml")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `an empty file, or one of comments, is the default`() throws {
        let standard = DaemonConfiguration()
        #expect(try DaemonConfiguration(yaml: "", name: "f") == standard)
        #expect(try DaemonConfiguration(yaml: "# nothing\n", name: "f") == standard)
        #expect(standard.socketPath.hasSuffix("corkboard.d/corkboardd.sock"))
    }

    @Test func `the example in config names the defaults`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let example = root.appendingPathComponent("config/corkboardd.yaml")
        #expect(try DaemonConfiguration(contentsOf: example) == DaemonConfiguration())
    }

    @Test func `every key is read`() throws {
        let yaml = "workspace: /w\nsocket: /s\nlog_level: debug\nthreads: 3\n"
        var expected = DaemonConfiguration()
        expected.workspace = URL(fileURLWithPath: "/w", isDirectory: true)
        expected.socket = "/s"
        expected.logLevel = .debug
        expected.threads = 3
        #expect(try DaemonConfiguration(yaml: yaml, name: "f") == expected)
    }

    @Test(arguments: [
        ("sokcet: /s", "there is no key sokcet; did you mean socket?"),
        ("loglevel: info", "there is no key loglevel; did you mean log_level?"),
        ("thread: 1", "did you mean threads?"),
        ("threads: 0", "f.yaml: threads is 0, but must be a number in 1...1024"),
        ("threads: many", "threads is many"),
        ("log_level: loud", "log_level is loud, but must be one of trace, debug"),
        ("socket: [a]", "socket is a list or a mapping, but must be a path"),
        ("- a", "does not hold `key: value` lines"),
        ("a: [", "is not YAML"),
    ])
    func `a mistake is named, with what may stand there`(yaml: String, part: String) {
        #expect(message(of: yaml)?.contains(part) == true, "\(message(of: yaml) ?? "no error")")
    }

    @Test func `a file that is missing is named`() {
        let error = #expect(throws: RetrievalServerError.self) {
            try DaemonConfiguration(contentsOf: URL(fileURLWithPath: "/nonexistent.yaml"))
        }
        #expect(error?.description.contains("/nonexistent.yaml") == true)
    }
}
