import Foundation
import Logging
import NIOCore
import NIOPosix
import RetrievalClient
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

struct MetricsServerTests {
    private static let source = MetricsSource(
        metrics: { "# metrics\n" },
        health: {
            var health = HealthResponse()
            health.state = .notServing
            health.message = "nothing is published"
            return health
        }
    )

    /// Serves `source`, and lets `body` ask at an address of this machine.
    private func withMetrics(
        from source: MetricsSource = source,
        time: TimeAmount = .seconds(5),
        _ body: (SocketAddress) async throws -> Void
    ) async throws {
        let socket = try MetricsSocket(at: try MetricsAddress("127.0.0.1:0"))
        let port = try #require(socket.port)
        #expect(port > 0 && socket.name == "127.0.0.1:\(port)")
        let server = MetricsServer(on: socket, from: source, time: time, logger: quiet)
        try await run([server]) { _ in
            try await body(try SocketAddress(ipAddress: "127.0.0.1", port: port))
        }
    }

    /// Sends `text`, and gives all that comes until the server closes.
    private func ask(_ text: String, at address: SocketAddress) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(to: address) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var answer = ByteBuffer()
            do {
                if !text.isEmpty {
                    try await outbound.write(ByteBuffer(string: text))
                }
                for try await var part in inbound {
                    answer.writeBuffer(&part)
                }
            } catch is IOError {
                // A connection that was cut is an end as well.
            } catch is ChannelError {
                // Likewise.
            }
            return String(buffer: answer)
        }
    }

    private func get(_ path: String, method: String = "GET") -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n"
    }

    @Test func `metrics and health are given, and nothing else`() async throws {
        try await withMetrics { address in
            func status(_ path: String, _ method: String = "GET") async throws -> String {
                let answer = try await ask(get(path, method: method), at: address)
                return String(answer.prefix { $0 != "\r\n" })
            }
            let metrics = try await ask(get("/metrics"), at: address)
            #expect(metrics.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(metrics.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            #expect(metrics.hasSuffix("\r\n\r\n# metrics\n"))
            let health = try await ask(get("/health?x=1"), at: address)
            #expect(health.hasPrefix("HTTP/1.1 503 "))
            #expect(health.hasSuffix("NOT_SERVING: nothing is published\n"))
            #expect(try await status("/") == "HTTP/1.1 404 Not Found")
            #expect(try await status("/metrics/x") == "HTTP/1.1 404 Not Found")
            for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
                #expect(try await status("/metrics", method) == "HTTP/1.1 405 Method Not Allowed")
            }
            let head = try await ask(get("/metrics", method: "HEAD"), at: address)
            #expect(head.contains("content-length: 10\r\n") && head.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `what is no HTTP ends its own connection`() async throws {
        try await withMetrics { address in
            let long = String(repeating: "x", count: 1 << 20)
            for text in ["\u{0}\u{1}\r\n\r\n", "GET\r\n\r\n", "GET /\(long)", get("/ \u{7F}")] {
                let answer = try await ask(text, at: address)
                #expect(!answer.hasPrefix("HTTP/1.1 200"))
            }
            #expect(try await ask(get("/metrics"), at: address).hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `clients that say nothing are cut off`() async throws {
        try await withMetrics(time: .milliseconds(400)) { address in
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await ask("GET /metr", at: address) }
                }
                try await Task.sleep(for: .milliseconds(150))
                let late = try await ask("", at: address)
                return try await group.reduce(into: [late]) { $0.append($1) }
            }
            #expect(answers == [String](repeating: "", count: 17))
            let isBack = try await eventually {
                try await ask(get("/metrics"), at: address).hasPrefix("HTTP/1.1 200")
            }
            #expect(isBack)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `who stays without a word makes room for the next`() async throws {
        // Long: nobody goes by himself.
        try await withMetrics(time: .hours(1)) { address in
            var idle: [any Channel] = []
            for _ in 0..<3 * MetricsServer.connections {
                let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                idle.append(try await bootstrap.connect(to: address).get())
            }
            for _ in 0..<3 {
                let isAnswered = try await eventually {
                    try await ask(get("/metrics"), at: address).hasPrefix("HTTP/1.1 200")
                }
                #expect(isAnswered)
            }
            for channel in idle {
                try? await channel.close()
            }
        }
    }

    @Test func `a Unix socket will do`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("m").path
            let socket = try MetricsSocket(at: try MetricsAddress(path))
            #expect(socket.name == path)
            let log = KeptLog()
            let server = MetricsServer(on: socket, from: Self.source, logger: log.logger)
            try await run([server]) { _ in
                let address = try SocketAddress(unixDomainSocketPath: path)
                #expect(try await ask(get("/metrics"), at: address).hasSuffix("# metrics\n"))
            }
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(log.lines.first?.metadata == ["address": "\(path)"])
        }
    }

    @Test func `a port that is taken is named, with the next step`() async throws {
        try await withMetrics { address in
            let error = #expect(throws: RetrievalServerError.self) {
                try MetricsSocket(at: .port(address))
            }
            #expect(error?.description.contains("127.0.0.1:\(address.port ?? 0)") == true)
            #expect(error?.description.contains("choose another port") == true)
        }
    }

    @Test func `a path that is taken by a file is refused in the name of its setting`() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("m").path
            try Data([1]).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: RetrievalServerError.self) {
                try MetricsSocket(at: .socket(path: path))
            }
            let message = error?.description ?? ""
            #expect(message.contains(path) && message.hasSuffix("another path (metrics)"))
        }
    }

    @Test(arguments: ["127.0.0.1:9464", "127.9.9.9:0", "[::1]:65535", "localhost:80"])
    func `a loopback address is taken`(text: String) throws {
        guard case .port(let address) = try MetricsAddress(text) else {
            Issue.record("\(text) is no path")
            return
        }
        #expect(address.port == Int(text.split(separator: ":").last ?? ""))
    }

    @Test(arguments: [
        "0.0.0.0:9464", "192.168.1.2:80", "[::]:9464", "[fe80::1]:1", "example.org:80", "9464",
        "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:-1", ":80", "[::ffff:127.0.0.1]:80",
    ])
    func `any other address is refused with a sentence`(text: String) {
        let error = #expect(throws: RetrievalServerError.self) { try MetricsAddress(text) }
        #expect(error?.code == .configuration)
        #expect(error?.description.hasPrefix("metrics is \(text), which ") == true)
        #expect(error?.description.contains("127.0.0.1:9464") == true)
    }
}
