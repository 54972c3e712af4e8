package import Vectors
package import Wire
import Foundation
import SwiftProtobuf

// The methods of the service, one each. All throw ``RetrievalClientError`` only.
extension RetrievalClient {
    /// The `k` items nearest to each row of `vectors`.
    ///
    /// An `effort` of 0 asks for what the index was tuned to for `k`; see the field of that name in
    /// `retrieval.proto`.
    package func search(
        vectors: Matrix,
        k: Int,
        effort: Int = 0,
        minimumGeneration: Int = 0
    ) async throws(RetrievalClientError) -> SearchAnswer {
        let request = try SearchRequest(
            vectors: vectors,
            k: k,
            effort: effort,
            minimumGeneration: minimumGeneration
        )
        return try await search(request)
    }

    /// What a request comes to that was made before.
    package func search(
        _ request: SearchRequest
    ) async throws(RetrievalClientError) -> SearchAnswer {
        try SearchAnswer(try await call(.search, request))
    }

    /// The `k` items nearest to each of the given items, each without itself.
    package func related(
        itemIDs: [String],
        k: Int,
        effort: Int = 0,
        minimumGeneration: Int = 0
    ) async throws(RetrievalClientError) -> SearchAnswer {
        var request = RelatedRequest()
        request.itemIds = itemIDs
        request.k = try number(k, "k")
        request.effort = try number(effort, "effort")
        request.minGeneration = try number(minimumGeneration, "generation")
        return try SearchAnswer(try await call(.related, request))
    }

    /// What is known of the given items, in their order; without their texts and fields where
    /// summaries are enough.
    package func get(
        itemIDs: [String],
        includeVectors: Bool = false,
        summariesOnly: Bool = false
    ) async throws(RetrievalClientError) -> GetResponse {
        var request = GetRequest()
        request.itemIds = itemIDs
        request.includeVectors = includeVectors
        request.summariesOnly = summariesOnly
        return try await call(.get, request)
    }

    /// What is served, and within which limits.
    package func info() async throws(RetrievalClientError) -> InfoResponse {
        try await call(.info, InfoRequest())
    }

    /// Whether searches are answered.
    package func health() async throws(RetrievalClientError) -> HealthResponse {
        try await call(.health, HealthRequest())
    }

    private func call<Request: Message, Response: Message>(
        _ method: RetrievalMethod,
        _ request: Request
    ) async throws(RetrievalClientError) -> Response {
        do {
            let payload = try await call(
                service: RetrievalMethod.service,
                method: method.rawValue,
                payload: try request.serializedData()
            )
            return try Response(serializedBytes: payload, options: .wire)
        } catch let error as RetrievalClientError {
            throw error
        } catch {
            throw RetrievalClientError(.internal, "the answer cannot be decoded: \(error)")
        }
    }
}

extension SearchRequest {
    /// Asks for the `k` items nearest to each row of `vectors`; what an effort, or a recall to aim
    /// at, of 0 stands for, says `retrieval.proto`.
    package init(
        vectors: Matrix,
        k: Int,
        effort: Int = 0,
        recall: Float = 0,
        minimumGeneration: Int = 0
    ) throws(RetrievalClientError) {
        self.init()
        dim = try number(vectors.columns, "dimension")
        queriesF32Le = Data(floats: vectors.elements)
        self.k = try number(k, "k")
        self.effort = try number(effort, "effort")
        self.recall = recall
        minGeneration = try number(minimumGeneration, "generation")
    }
}

private func number<Number: FixedWidthInteger>(
    _ value: Int,
    _ name: String
) throws(RetrievalClientError) -> Number {
    guard let number = Number(exactly: value) else {
        throw RetrievalClientError(
            .invalidArgument,
            "\(name) = \(value) is out of range; use a number from 0 to \(Number.max)"
        )
    }
    return number
}
