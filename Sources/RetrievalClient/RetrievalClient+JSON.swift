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
        switch try RetrievalMethod(path: path) {
        case .search: try await call(.search, SearchRequest.self, SearchResponse.self, json)
        case .related: try await call(.related, RelatedRequest.self, SearchResponse.self, json)
        case .get: try await call(.get, GetRequest.self, GetResponse.self, json)
        case .info: try await call(.info, InfoRequest.self, InfoResponse.self, json)
        case .health: try await call(.health, HealthRequest.self, HealthResponse.self, json)
        }
    }

    private func call<Request: Message, Response: Message>(
        _ method: RetrievalMethod,
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
            service: RetrievalMethod.service,
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

extension RetrievalMethod {
    /// The method of a path such as `Retrieval/Search` or `/corkboard.v1.Retrieval/Search`.
    init(path: String) throws(RetrievalClientError) {
        let names = path.split(separator: "/").map(String.init)
        let short = Self.service.split(separator: ".").last.map(String.init)
        guard names.count == 2, names[0] == Self.service || names[0] == short,
            let method = Self(rawValue: names[1])
        else {
            let known = Self.allCases.map { "Retrieval/\($0.rawValue)" }
            throw RetrievalClientError(
                .unimplemented,
                "there is no method \(path); there are \(known.joined(separator: ", "))"
            )
        }
        self = method
    }
}
