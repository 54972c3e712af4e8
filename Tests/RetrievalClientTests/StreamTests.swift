import Foundation
import NIOCore
import SwiftProtobuf
import TestSupport
import Testing
import Wire

@testable import RetrievalClient

/// Calls that are answered by streams, and what stops a call.
struct StreamTests {
    private func withServer(
        _ script: @escaping FakeServer.Script,
        _ body: (RetrievalClient, FakeServer) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("s").path
            try await FakeServer(script).listen(at: path) { server in
                let client = RetrievalClient(socket: path)
                try await body(client, server)
                await client.close()
            }
        }
    }

    /// A build that says a, nothing, and b; other calls have empty answers.
    private static let build: FakeServer.Script = { request, id in
        guard request.method == "Rebuild" else { return [empty(id)] }
        return [
            try progress("a", id), try .message([], on: id), try progress("b", id),
            .end(of: id),
        ]
    }

    /// A build that begins and does not end.
    private static let endless: FakeServer.Script = { request, id in
        request.method == "Rebuild" ? [try progress("a", id)] : [empty(id)]
    }

    @Test func `a stream ends by its end, and an empty message is one`() async throws {
        try await withServer(Self.build) { client, server in
            var texts: [String] = []
            for try await message in try await client.rebuild() {
                texts.append(message.message)
            }
            #expect(texts == ["a", "", "b"])
            _ = try await client.health()
            #expect(server.methods == ["Rebuild", "Health"])
            #expect(server.requests.first?.timeoutNano == 0)
        }
    }

    @Test func `a stream in JSON is a line for each message`() async throws {
        try await withServer(Self.build) { client, _ in
            var lines: [String] = []
            try await client.call("Control/Rebuild", json: #"{"index_kind": "flat"}"#) {
                lines.append($0)
            }
            #expect(lines == [#"{"message":"a"}"#, "{}", #"{"message":"b"}"#])
        }
    }

    @Test func `a stream that fails throws after its messages`() async throws {
        try await withServer { _, id in
            [try progress("a", id), .response(.failure(CallError(.aborted, "x")), on: id)]
        } _: { client, _ in
            var texts: [String] = []
            let error = await #expect(throws: RetrievalClientError.self) {
                for try await message in try await client.rebuild() {
                    texts.append(message.message)
                }
            }
            #expect(texts == ["a"])
            #expect(error == RetrievalClientError(.aborted, "x"))
        }
    }

    @Test func `a stream whose server goes away throws`() async throws {
        try await withServer { _, _ in
            nil
        } _: { client, _ in
            let error = await #expect(throws: RetrievalClientError.self) {
                for try await _ in try await client.rebuild() {}
            }
            #expect(error?.code == .unavailable)
        }
    }

    @Test func `a stream has a deadline on this side, too`() async throws {
        try await withServer(Self.endless) { client, server in
            let error = await #expect(throws: RetrievalClientError.self) {
                for try await _ in try await client.rebuild(timeout: .milliseconds(50)) {}
            }
            #expect(error?.code == .deadlineExceeded)
            try #require(try await eventually { !server.requests.isEmpty })
            #expect(server.requests.first?.timeoutNano != 0)
        }
    }

    @Test func `messages of a stream reach no unary call, nor its answer the stream`() async throws
    {
        try await withServer(Self.endless) { client, _ in
            var messages = try await client.rebuild().makeAsyncIterator()
            for _ in 0..<20 { _ = try await client.health() }
            #expect(try await messages.next()?.message == "a")
        }
    }

    @Test func `data are no answer to a unary call`() async throws {
        try await withServer { request, id in
            request.method == "Info" ? [try progress("a", id), .end(of: id)] : [empty(id)]
        } _: { client, _ in
            let error = await #expect(throws: RetrievalClientError.self) { try await client.info() }
            #expect(error?.code == .internal)
            _ = try await client.health()
        }
    }

    @Test func `who stops iterating cancels the build`() async throws {
        try await withServer(Self.endless) { client, server in
            for try await _ in try await client.rebuild() { break }
            try await expectCancel(of: 1, server)
        }
    }

    @Test func `a task that is cancelled cancels its call`() async throws {
        try await withServer { request, id in
            request.method == "Cancel" ? [empty(id)] : []
        } _: { client, server in
            let task = Task { try await client.health() }
            #expect(try await eventually { server.requests.count == 1 })
            task.cancel()
            let error = await #expect(throws: RetrievalClientError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            try await expectCancel(of: 1, server)
        }
    }

    private func expectCancel(of id: UInt32, _ server: FakeServer) async throws {
        #expect(try await eventually { server.methods.last == "Cancel" })
        let payload = try #require(server.requests.last?.payload)
        #expect(try CancelRequest(serializedBytes: payload).streamID == id)
    }
}
