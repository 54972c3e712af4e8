import Foundation
import NIOCore
import RetrievalClient
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// Upstream's tests of streams, as far as they are streams from a server.
struct UpstreamStreamTests {
    /// Lets `body` use a server whose builds are told by `build`; other calls have empty answers.
    private func streaming(
        messages build: @escaping @Sendable (RebuildRequest) -> [RebuildProgress],
        _ body: (RetrievalClient) async throws -> Void
    ) async throws {
        try await streaming { call in
            let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            for message in build(try call.message()) {
                continuation.yield(try message.serializedBytes())
            }
            continuation.finish()
            return stream
        } _: { client, _ in
            try await body(client)
        }
    }

    private func streaming(
        _ build: @escaping @Sendable (Call) throws -> AsyncThrowingStream<[UInt8], any Error>,
        _ body: (RetrievalClient, String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            let answer: Answer = { pending, _ in
                guard pending.call.method == .rebuild else { return .now(.success([])) }
                do {
                    return .stream(try build(pending.call))
                } catch {
                    return .now(.failure(CallError(.internal, "\(error)")))
                }
            }
            try await withServer(at: path, answer: answer) { _ in
                let client = RetrievalClient(socket: path)
                try await body(client, path)
                await client.close()
            }
        }
    }

    private func numbers(_ count: Int) -> [RebuildProgress] {
        (0..<count).map { number in RebuildProgress.with { $0.generation = UInt64(number) } }
    }

    @Test func `TestStreamClient: a unary call, a hundred messages, the end, a unary call`()
        async throws
    {
        try await streaming(messages: { [numbers] _ in numbers(100) }) { client in
            _ = try await client.health()
            var seen: [RebuildProgress] = []
            for try await message in try await client.rebuild() { seen.append(message) }
            #expect(seen == numbers(100))
            _ = try await client.health()
        }
    }

    @Test func `DivideStream: the parts of a whole, in their order`() async throws {
        try await streaming(messages: { request in
            (0..<30).map { part in
                RebuildProgress.with {
                    $0.message = request.indexKind
                    $0.generation = UInt64(part < 29 ? 13 : 392 - 29 * 13)
                }
            }
        }) { client in
            var sum: UInt64 = 0
            let request = RebuildRequest.with { $0.indexKind = "flat" }
            for try await part in try await client.rebuild(request) {
                #expect(part.message == "flat")
                sum += part.generation
            }
            #expect(sum == 392)
        }
    }

    @Test func `EchoNullStream: a thousand empty messages from several senders`() async throws {
        try await streaming { _ in
            let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            Task {
                await withTaskGroup { group in
                    for _ in 0..<10 {
                        group.addTask { for _ in 0..<100 { continuation.yield([]) } }
                    }
                }
                continuation.finish()
            }
            return stream
        } _: { client, _ in
            var count = 0
            for try await message in try await client.rebuild() {
                #expect(message == RebuildProgress())
                count += 1
            }
            #expect(count == 1000)
        }
    }

    @Test func `EmptyPayloadStream: an empty request, two messages, the end`() async throws {
        try await streaming(messages: { request in
            request == RebuildRequest() ? [RebuildProgress(), RebuildProgress()] : []
        }) { client in
            var count = 0
            for try await _ in try await client.rebuild() { count += 1 }
            #expect(count == 2)
        }
    }

    @Test func `TestStreamHandlerContextCancelOnReturn: who sends learns that nobody listens`()
        async throws
    {
        let ended = Atomic(false)
        try await streaming { _ in
            let (stream, continuation) = AsyncThrowingStream<[UInt8], any Error>.makeStream()
            continuation.onTermination = { _ in ended.store(true, ordering: .relaxed) }
            continuation.yield([])
            return stream
        } _: { client, _ in
            for try await _ in try await client.rebuild() { break }
            #expect(try await eventually { ended.load(ordering: .relaxed) })
        }
    }

    @Test func `TestStreamNotConsumedDoesNotBlockConnection: nor do its own messages`() async throws
    {
        try await streaming(messages: { [numbers] _ in numbers(5_000) }) { client in
            let messages = try await client.rebuild()
            for _ in 0..<50 { _ = try await client.health() }
            var count = 0
            for try await _ in messages { count += 1 }
            #expect(count == 5_000)
        }
    }
}
