package import Vectors
package import Wire
import SwiftProtobuf

// The methods of the service, one each. All throw ``RetrievalClientError`` only.
extension RetrievalClient {
    /// The `k` items nearest to each row of `vectors`.
    package func search(
        vectors: Matrix,
        k: Int,
        options: SearchOptions = SearchOptions()
    ) async throws(RetrievalClientError) -> SearchAnswer {
        let request = try SearchRequest(vectors: vectors, k: k, options: options)
        return try SearchAnswer(try await call(.search, request, timeout: options.timeout))
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
        options: SearchOptions = SearchOptions()
    ) async throws(RetrievalClientError) -> SearchAnswer {
        var request = RelatedRequest()
        request.itemIds = itemIDs
        request.k = try number(k, "k")
        request.effort = try number(options.effort ?? 0, "effort")
        request.recall = Float(options.recall ?? 0)
        request.minGeneration = try number(options.minimumGeneration, "generation")
        if let filter = options.filter {
            request.filter = filter
        }
        return try SearchAnswer(try await call(.related, request, timeout: options.timeout))
    }

    /// The `k` items for the user whose history these items are; each with its weight, or without
    /// weights where all count alike.
    package func recommend(
        itemIDs: [String],
        weights: [Float] = [],
        k: Int,
        isMerged: Bool = false,
        includeSeen: Bool = false,
        options: SearchOptions = SearchOptions()
    ) async throws(RetrievalClientError) -> SearchAnswer {
        var request = RecommendRequest()
        request.itemIds = itemIDs
        request.weights = weights
        request.k = try number(k, "k")
        request.mode = isMerged ? .merged : .pooled
        request.includeSeen = includeSeen
        request.effort = try number(options.effort ?? 0, "effort")
        request.recall = Float(options.recall ?? 0)
        request.minGeneration = try number(options.minimumGeneration, "generation")
        if let filter = options.filter {
            request.filter = filter
        }
        return try SearchAnswer(try await call(.recommend, request, timeout: options.timeout))
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

    /// How the daemon has done since it started.
    package func stats() async throws(RetrievalClientError) -> StatsResponse {
        try await call(.stats, StatsRequest())
    }

    /// The generations in the workspace.
    package func generations() async throws(RetrievalClientError) -> GenerationsResponse {
        try await call(.generations, GenerationsRequest())
    }

    /// Makes a unary call of one message, answered by another.
    func call<Request: Message, Response: Message>(
        _ method: Method,
        _ request: Request,
        timeout: Duration? = nil
    ) async throws(RetrievalClientError) -> Response {
        do {
            let payload = try await call(
                service: method.service.rawValue,
                method: method.rawValue,
                payload: try request.serializedData(),
                timeout: timeout
            )
            return try Response(serializedBytes: payload, options: .wire)
        } catch let error as RetrievalClientError {
            throw error
        } catch {
            throw .undecodable(error)
        }
    }
}
