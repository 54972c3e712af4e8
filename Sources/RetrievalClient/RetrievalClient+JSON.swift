import Foundation
import SwiftProtobuf
import Wire

extension RetrievalClient {
    /// Makes a call whose request and answer are JSON, by the mapping of protobuf 3.
    ///
    /// `path` is SERVICE/METHOD; the service may be given by its last name. Fields keep the names
    /// of `retrieval.proto`, and `bytes` are base64.
    ///
    /// ```swift
    /// try await client.call("Retrieval/Related", json: #"{"item_ids": ["nginx"], "k": 3}"#)
    /// ```
    package func call(
        _ path: String,
        json: String
    ) async throws(RetrievalClientError) -> String {
        let method = try Method(path: path)
        return switch method {
        case .search: try await call(method, SearchRequest.self, SearchResponse.self, json)
        case .related: try await call(method, RelatedRequest.self, SearchResponse.self, json)
        case .recommend: try await call(method, RecommendRequest.self, SearchResponse.self, json)
        case .get: try await call(method, GetRequest.self, GetResponse.self, json)
        case .info: try await call(method, InfoRequest.self, InfoResponse.self, json)
        case .health: try await call(method, HealthRequest.self, HealthResponse.self, json)
        case .stats: try await call(method, StatsRequest.self, StatsResponse.self, json)
        case .generations:
            try await call(method, GenerationsRequest.self, GenerationsResponse.self, json)
        case .publish: try await call(method, PublishRequest.self, PublishResponse.self, json)
        case .rollback: try await call(method, RollbackRequest.self, PublishResponse.self, json)
        case .rebuild: try await call(method, RebuildRequest.self, RebuildProgress.self, json)
        case .cancel: try await call(method, CancelRequest.self, CancelResponse.self, json)
        }
    }

    private func call<Request: Message, Response: Message>(
        _ method: Method,
        _: Request.Type,
        _: Response.Type,
        _ json: String
    ) async throws(RetrievalClientError) -> String {
        let payload: Data
        do {
            payload = try Request(jsonString: json.isEmpty ? "{}" : json).serializedData()
        } catch {
            throw RetrievalClientError(
                .invalidArgument,
                "\(json.prefix(80)) is not a \(Request.protoMessageName) in JSON: \(error)"
            )
        }
        let answer = try await call(
            service: method.service.rawValue,
            method: method.rawValue,
            payload: payload
        )
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.alwaysPrintInt64sAsNumbers = true
        do {
            return try Response(serializedBytes: answer, options: .wire).jsonString(
                options: options
            )
        } catch {
            throw RetrievalClientError(.internal, "the answer cannot be decoded: \(error)")
        }
    }
}

extension Method {
    /// The method of a path such as `Retrieval/Search` or `/corkboard.v1.Retrieval/Search`.
    init(path: String) throws(RetrievalClientError) {
        let names = path.split(separator: "/").map(String.init)
        let known = Self.allCases.first { method in
            names == [method.service.rawValue, method.rawValue]
                || names == [method.service.shortName, method.rawValue]
        }
        guard let known else {
            let all = Self.allCases.map { "\($0.service.shortName)/\($0.rawValue)" }
            throw RetrievalClientError(
                .unimplemented,
                "there is no method \(path); there are \(all.joined(separator: ", "))"
            )
        }
        self = known
    }
}

extension Method.Service {
    /// Its last name.
    fileprivate var shortName: String {
        rawValue.split(separator: ".").last.map(String.init) ?? rawValue
    }
}
