import Foundation
import NIOCore
import RetrievalClient
import ServiceLifecycle
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

// The tests of ttrpc's own library for Go (v1.2.8) that ask something of a server, each under its
// name there. Those that are missing, and why:
//
// - TestServerListenerClosed: nobody else holds our listening socket, so nobody else closes it.
// - TestUnixSocketHandshake: users are ListeningSocketTests' and, for clients, PoolTests'.
// - TestStreamFullOnServer, EchoStream, SumStream, EchoNull: no method of ours takes a stream from
//   its client; that such data end the call and nothing else, show the golden connections d1-*
//   and stream-client-*.
// - TestReadWriteMessage, TestMessageOversize: FrameSplitterTests, the golden connections size-*.
// - TestUserOnCloseWait: our client has no hook for its close.
// - Tests of metadata and of interceptors: the server does not look at metadata (the golden
//   connection request-metadata), and has no interceptors.
// - Benchmarks: corkboard bench.

/// Upstream's tests of a server and its unary calls.
struct UpstreamTests {
    private func path(in folder: URL) -> String { folder.appendingPathComponent("s").path }

    private static let echo: Answer = { pending, _ in .now(.success(pending.call.payload)) }

    private func call(_ client: RetrievalClient, _ payload: String = "") async throws -> String {
        let answer = try await client.call(
            service: Method.Service.retrieval.rawValue,
            method: Method.info.rawValue,
            payload: Data(payload.utf8)
        )
        return String(decoding: answer, as: UTF8.self)
    }

    @Test func `TestServer: two calls at once have their own answers`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                let client = RetrievalClient(socket: path(in: folder))
                async let foo = call(client, "foo")
                async let bar = call(client, "bar")
                let answers = try await [foo, bar]
                #expect(answers == ["foo", "bar"])
                await client.close()
            }
        }
    }

    @Test func `TestServerUnimplemented: and the server stops as asked`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                let client = RetrievalClient(socket: path(in: folder))
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await client.call(service: "Not", method: "Found", payload: Data())
                }
                #expect(error == RetrievalClientError(.unimplemented, "service Not"))
                await client.close()
            }
        }
    }

    @Test func `TestServerShutdown: blocked calls end, an idle connection does not wait`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let path = path(in: folder)
            let blocked = Mutex<[EventLoopPromise<CallResult>]>([])
            let answer: Answer = { _, loop in
                let promise = loop.makePromise(of: CallResult.self)
                blocked.withLock { $0.append(promise) }
                return .later(promise.futureResult)
            }
            let (busy, idle) = (RetrievalClient(socket: path), RetrievalClient(socket: path))
            try await withServer(at: path, answer: answer) { group in
                // Refused by the state machine, so it blocks on nothing.
                await #expect(throws: RetrievalClientError.self) {
                    try await idle.call(service: "", method: "", payload: Data())
                }
                let calls = (0..<5).map { _ in Task { try await call(busy) } }
                try #require(try await eventually { blocked.withLock { $0.count } == 5 })
                await group.triggerGracefulShutdown()
                // The listener and the idle connection go, the busy connection stays.
                #expect(try await eventually { try serverSockets(at: path) == 1 })
                blocked.withLock { $0.forEach { $0.succeed(.success([UInt8]("done".utf8))) } }
                for call in calls {
                    #expect(try await call.value == "done")
                }
            }
            #expect(try await eventually { try serverSockets(at: path) == 0 })
            await busy.close()
            await idle.close()
        }
    }

    @Test func `TestServerClose: without time to drain, calls are cut off`() async throws {
        try await withTemporaryFolder { folder in
            let path = path(in: folder)
            let started = Atomic(0)
            let answer: Answer = { _, loop in
                started.wrappingAdd(1, ordering: .relaxed)
                let slow = loop.scheduleTask(in: .seconds(60)) { CallResult.success([]) }
                return .later(slow.futureResult)
            }
            let client = RetrievalClient(socket: path)
            try await withServer(at: path, drainTime: .zero, answer: answer) { group in
                let cut = Task { try await call(client) }
                try #require(
                    try await eventually { started.load(ordering: .relaxed) == 1 }
                )
                await group.triggerGracefulShutdown()
                let error = await #expect(throws: RetrievalClientError.self) {
                    try await cut.value
                }
                #expect(error?.code == .unavailable)
            }
            // TestClientEOF: afterwards there is nobody.
            let error = await #expect(throws: RetrievalClientError.self) { try await call(client) }
            #expect(error?.code == .unavailable)
            await client.close()
        }
    }

    @Test func `TestImmediateServerShutdown: a server stops as soon as it has begun`() async throws
    {
        try await withTemporaryFolder { folder in
            let start = ContinuousClock.now
            try await withServer(at: path(in: folder), answer: Self.echo) { group in
                await group.triggerGracefulShutdown()
            }
            // Upstream allows 2 s; a busy machine may need more to begin.
            #expect(ContinuousClock.now - start < .seconds(30))
        }
    }

    @Test func `TestOversizeCall: 4 MiB and a byte`() async throws {
        try await withTemporaryFolder { folder in
            try await withServer(at: path(in: folder), answer: Self.echo) { _ in
                var sent = ByteBuffer(integer: UInt32(4 << 20) + 1)
                sent.writeInteger(UInt32(1))
                sent.writeBytes([1, 0])
                sent.writeRepeatingByte(0, count: (4 << 20) + 1)
                let frames = try await exchange(sent, at: path(in: folder))
                #expect(frames.count == 1)
                let error = CallError(
                    .resourceExhausted,
                    "message length 4194305 exceed maximum message size of 4194304"
                )
                #expect(try frames.first?.result() == .failure(error))
            }
        }
    }

    @Test func `TestServerRequestTimeout: the work knows the caller's ten minutes`() async throws {
        try await withTemporaryFolder { folder in
            let left = Mutex<TimeAmount?>(nil)
            let answer: Answer = { pending, _ in
                left.withLock { $0 = pending.deadline.map { $0 - .now() } }
                return .now(.success([]))
            }
            try await withServer(at: path(in: folder), answer: answer) { _ in
                let client = RetrievalClient(socket: path(in: folder), timeout: .seconds(600))
                _ = try await call(client)
                // Upstream allows 50 ms; a busy machine may need more to begin.
                let seconds = try #require(left.withLock { $0 })
                #expect(seconds > .seconds(500) && seconds <= .seconds(600))
                await client.close()
            }
        }
    }

    @Test func `TestServerConnectionsLeak, TestServerEOF: who is gone leaves nothing`() async throws
    {
        try await withTemporaryFolder { folder in
            let path = path(in: folder)
            try await withServer(at: path, answer: Self.echo) { _ in
                let clients = (0..<20).map { _ in RetrievalClient(socket: path) }
                for client in clients { _ = try await call(client) }
                // The kernel's table is told in parts, between which it may change.
                #expect(try await eventually { try serverSockets(at: path) == 21 })
                for client in clients { await client.close() }
                #expect(try await eventually { try serverSockets(at: path) == 1 })
            }
        }
    }
}

/// How many sockets of the server at `path` the kernel knows: the listener, and the server's end of
/// each connection; clients' ends have no name.
private func serverSockets(at path: String) throws -> Int {
    // The kernel tells the temporary name under which the socket was made, beside its place.
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/"
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/unix"))
    // A page at a time is what the kernel gives of it, whatever is asked for.
    var table = Data()
    while let page = try file.read(upToCount: 1 << 16), !page.isEmpty {
        table += page
    }
    return String(decoding: table, as: UTF8.self).split(separator: "\n").filter { line in
        line.split(separator: " ").last?.hasPrefix(folder) == true
    }.count
}
