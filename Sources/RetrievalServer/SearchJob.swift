import Foundation
import Indexes
import Retrieval
import Vectors
import Wire

/// A search whose request has been checked: what to look for, and where.
struct SearchJob: Job {
    private enum Queries {
        /// n vectors, one after the other (n * dimension).
        case vectors([Float])
        /// The rows of items; nil for an item that the generation does not hold.
        case rows([Int?])
    }

    private let generation: Generation
    private let queries: Queries
    private let count: Int
    private let k: Int
    private let setting: SearchSetting

    var isShort: Bool {
        let each = SearchWork(generation.manifest).ofQuery(k: k, setting: setting)
        return count * each <= Limits.workOnEventLoop
    }

    private init(
        _ queries: Queries,
        count: Int,
        k: UInt32,
        effort: UInt32,
        minimumGeneration: UInt64,
        from generation: Generation
    ) throws(CallError) {
        guard UInt64(clamping: generation.number) >= minimumGeneration else {
            throw CallError(
                .failedPrecondition,
                "generation \(minimumGeneration) is asked for, but \(generation.number) is served; "
                    + "publish it, or wait until it is loaded"
            )
        }
        self.k = try Limits.check(k: k, queries: count, items: generation.count)
        self.generation = generation
        self.queries = queries
        self.count = count
        let manifest = generation.manifest
        setting =
            effort == 0
            ? manifest.setting(forK: self.k)
            : manifest.setting(forK: self.k, effort: Int(effort))
    }

    /// The job of a request with vectors.
    init(_ request: SearchRequest, from served: ServedGeneration) throws(CallError) {
        let generation = served.generation
        guard request.dim == UInt32(clamping: generation.dimension) else {
            throw CallError(
                .invalidArgument,
                "the queries have dimension \(request.dim), but generation \(generation.number) "
                    + "has dimension \(generation.dimension)"
            )
        }
        guard let floats = request.queriesF32Le.floats,
            floats.count.isMultiple(of: generation.dimension)
        else {
            throw CallError(
                .invalidArgument,
                "queries_f32le has \(request.queriesF32Le.count) bytes, which is no multiple of "
                    + "4 x \(generation.dimension)"
            )
        }
        let count = floats.count / generation.dimension
        try Limits.check(batch: count, of: "queries")
        try self.init(
            .vectors(floats),
            count: count,
            k: request.k,
            effort: request.effort,
            minimumGeneration: request.minGeneration,
            from: generation
        )
    }

    /// The job of a request with items.
    init(_ request: RelatedRequest, from served: ServedGeneration) throws(CallError) {
        let generation = served.generation
        let ids = request.itemIds
        try Limits.check(batch: ids.count, of: "items")
        let rows = ids.map { generation.row(ofID: $0) }
        if rows == [nil] {
            throw CallError(
                .notFound,
                "generation \(generation.number) has no item \(ids[0])"
            )
        }
        try self.init(
            .rows(rows),
            count: ids.count,
            k: request.k,
            effort: request.effort,
            minimumGeneration: request.minGeneration,
            from: generation
        )
    }
}

// MARK: - Searching

extension SearchJob {
    func response(to pending: PendingCall) throws(CallError) -> SearchResponse {
        var response = SearchResponse()
        response.generation = UInt64(clamping: generation.number)
        response.embeddingVersion = UInt64(clamping: generation.embeddingVersion)
        var scores: [Float] = []
        for query in 0..<count {
            if query > 0 {
                try pending.checkIsWanted()
            }
            let candidates = try candidates(ofQuery: query)
            response.counts.append(UInt32(clamping: candidates.count))
            for candidate in candidates {
                response.itemIds.append(generation.id(ofRow: candidate.row))
                scores.append(candidate.score)
            }
        }
        response.scoresF32Le = Data(floats: scores)
        if case .rows(let rows) = queries {
            response.found = rows.map { $0 != nil }
        }
        return response
    }

    private func candidates(ofQuery query: Int) throws(CallError) -> [Candidate] {
        do {
            switch queries {
            case .vectors(let floats):
                let start = query * generation.dimension
                let vector = floats.span.extracting(start..<start + generation.dimension)
                return try generation.search(vector, k: k, setting: setting)
            case .rows(let rows):
                guard let row = rows[query] else { return [] }
                return try generation.search(
                    generation.vector(ofRow: row).span,
                    k: k,
                    setting: setting,
                    excluding: row
                )
            }
        } catch {
            let code: StatusCode = error.code == .invalid ? .invalidArgument : .internal
            throw CallError(code, "query \(query): \(error.description)")
        }
    }
}
