import Foundation
import SwiftProtobuf
import Wire

extension RetrievalClient {
    /// Makes a call whose request and answers are JSON, by the mapping of protobuf 3; `each` is told
    /// every answer as one line: one for a unary call, any number for a stream.
    ///
    /// `path` is SERVICE/METHOD; the service may be given by its last name. Fields keep the names
    /// of `retrieval.proto`, and `bytes` are base64.
    ///
    /// ```swift
    /// try await client.call("Retrieval/Related", json: #"{"item_ids": ["nginx"], "k": 3}"#) {
    ///     print($0)
    /// }
    /// ```
    ///
    /// - Throws: ``RetrievalClientError``, and what `each` throws.
    package func call(
        _ path: String,
        json: String,
        each: (String) throws -> Void
    ) async throws {
        let method = try Method(path: path)
        switch method {
        case .search:
            try each(try await call(method, SearchRequest.self, SearchResponse.self, json))
        case .related:
            try each(try await call(method, RelatedRequest.self, SearchResponse.self, json))
        case .recommend:
            try each(try await call(method, RecommendRequest.self, SearchResponse.self, json))
        case .get:
            try each(try await call(method, GetRequest.self, GetResponse.self, json))
        case .info:
            try each(try await call(method, InfoRequest.self, InfoResponse.self, json))
        case .health:
            try each(try await call(method, HealthRequest.self, HealthResponse.self, json))
        case .stats:
            try each(try await call(method, StatsRequest.self, StatsResponse.self, json))
        case .generations:
            try each(
                try await call(method, GenerationsRequest.self, GenerationsResponse.self, json)
            )
        case .publish:
            try each(try await call(method, PublishRequest.self, PublishResponse.self, json))
        case .rollback:
            try each(try await call(method, RollbackRequest.self, PublishResponse.self, json))
        case .cancel:
            try each(try await call(method, CancelRequest.self, CancelResponse.self, json))
        case .rebuild:
            let messages: AsyncThrowingStream<RebuildProgress, any Error> = try await stream(
                method,
                try RebuildRequest(json: json),
                timeout: nil
            )
            for try await message in messages {
                try each(try line(message))
            }
        }
    }

    /// Makes a call in JSON, and gives its answer, or the lines of its answers.
    package func call(
        _ path: String,
        json: String
    ) async throws(RetrievalClientError) -> String {
        var lines: [String] = []
        do {
            try await call(path, json: json) { lines.append($0) }
        } catch let error as RetrievalClientError {
            throw error
        } catch {
            throw .undecodable(error)
        }
        return lines.joined(separator: "\n")
    }

    private func call<Request: Message & _ProtoNameProviding, Response: Message>(
        _ method: Method,
        _: Request.Type,
        _: Response.Type,
        _ json: String
    ) async throws(RetrievalClientError) -> String {
        // What administrators wait for reads and measures a generation.
        let timeout: Duration? = method.isAdministrative ? .seconds(3600) : nil
        let request = try Request(json: json)
        let answer: Response = try await call(method, request, timeout: timeout)
        return try line(answer)
    }

    private func line(_ message: some Message) throws(RetrievalClientError) -> String {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.alwaysPrintInt64sAsNumbers = true
        do {
            return try message.jsonString(options: options)
        } catch {
            throw .undecodable(error)
        }
    }
}
