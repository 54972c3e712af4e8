import Foundation
import Logging
import NIOCore
import NIOPosix
import RetrievalClient
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// The whole daemon, with all that lets it be seen, in a process of its own.
struct SeenDaemonTests {
    @Test func `a daemon tells by its configuration what it does`() async {
        await #expect(processExitsWith: .success) {
            try await withTemporaryFolder { folder in
                try Circle(in: folder).publish()
                var configuration = DaemonConfiguration()
                configuration.workspace = folder.path
                configuration.recallSample = 1
                configuration.slowQuery = 1e-6
                configuration.metrics = folder.path + "/m"
                let log = KeptLog()
                let isReady = Mutex(false)
                let daemon = Daemon(configuration, logger: log.logger)
                async let end: Void = daemon.run { _ in isReady.withLock { $0 = true } }
                try #require(try await eventually { isReady.withLock { $0 } })
                let client = RetrievalClient(socket: folder.path + "/corkboardd.sock")
                for row in 0..<10 {
                    _ = try await client.related(itemIDs: [Circle.id(row)], k: 5)
                }
                let isCompared = try await eventually {
                    // The daemon's own queries, by which it knows that it is well, count as well.
                    try await client.stats().recall.first?.queries ?? 0 >= 10
                }
                try #require(isCompared)
                let text = try await metrics(at: folder.path + "/m")
                let metrics = try ParsedMetrics(text).metrics
                let recall = try #require(metrics["corkboard_recall"])
                try #require(recall.samples.map(\.value) == [1])
                let slow = log.lines.filter { $0.message == "slow call" }
                try #require(slow.contains { $0.metadata["method"] == "Retrieval/Related" })
                kill(getpid(), SIGTERM)
                try await end
            }
        }
    }
}

/// What a daemon's socket for metrics gives.
private func metrics(at path: String) async throws -> String {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connect(unixDomainSocketPath: path) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    return try await channel.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: "GET /metrics HTTP/1.0\r\n\r\n"))
        var answer = ByteBuffer()
        for try await var part in inbound {
            answer.writeBuffer(&part)
        }
        let text = String(buffer: answer)
        return String(text[(text.range(of: "\r\n\r\n")?.upperBound ?? text.startIndex)...])
    }
}
