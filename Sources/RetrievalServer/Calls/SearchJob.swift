import Foundation
import Indexes
import NIOCore
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

    private let served: ServedGeneration
    private let queries: Queries
    private let count: Int
    private let demand: SearchDemand
    /// Who looks at what some of the searches find, if somebody does.
    private let recall: LiveRecall?

    private var generation: Generation { served.generation }

    var isShort: Bool {
        demand.work(queries: count, in: generation) <= Limits.workOnEventLoop
    }

    /// The job of a request with vectors.
    init(
        _ request: SearchRequest,
        from served: ServedGeneration,
        recall: LiveRecall? = nil
    ) throws(CallError) {
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
        count = floats.count / generation.dimension
        try Limits.check(batch: count, of: "queries")
        demand = try SearchDemand(request, queries: count, of: generation)
        queries = .vectors(floats)
        self.served = served
        self.recall = recall
    }

    /// The job of a request with items.
    init(
        _ request: RelatedRequest,
        from served: ServedGeneration,
        recall: LiveRecall? = nil
    ) throws(CallError) {
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
        count = ids.count
        demand = try SearchDemand(request, queries: count, of: generation)
        queries = .rows(rows)
        self.served = served
        self.recall = recall
    }
}

// MARK: - Searching

extension SearchJob {
    func answer(to pending: PendingCall) throws(CallError) -> Data {
        var (terms, plan) = demand.terms(in: generation)
        terms.deadline = pending.searchEnd
        pending.notes?.tell(
            CallNotes.Search(
                queries: count,
                k: demand.k,
                effort: plan.setting.effort,
                generation: generation.number
            )
        )
        let draw = demand.isFiltered ? nil : recall?.draw(count)
        var lists = CandidateLists(from: generation, by: plan)
        for query in 0..<count {
            if query > 0 {
                try pending.checkIsNotCancelled()
                if terms.isOver {
                    lists.skip(count - query)
                    break
                }
            }
            let result = try result(ofQuery: query, terms)
            lists.append(result)
            if let draw, draw.contains(query), result.isComplete {
                offer(result, ofQuery: query)
            }
        }
        guard case .rows(let asked) = queries else { return lists.encoded() }
        return lists.encoded(found: asked.map { $0 != nil })
    }

    private func result(
        ofQuery query: Int,
        _ terms: SearchTerms
    ) throws(CallError) -> SearchResult {
        do {
            switch queries {
            case .vectors(let floats):
                let start = query * generation.dimension
                let vector = floats.span.extracting(start..<start + generation.dimension)
                return try generation.search(vector, terms)
            case .rows(let rows):
                guard let row = rows[query] else {
                    return SearchResult(candidates: [], isComplete: true)
                }
                var terms = terms
                terms.filter.excluded = row
                return try generation.search(generation.vector(ofRow: row).span, terms)
            }
        } catch {
            let code: StatusCode = error.code == .invalid ? .invalidArgument : .internal
            throw CallError(code, "query \(query): \(error.description)")
        }
    }
}

// MARK: - Being looked at

extension SearchJob {
    /// Leaves what a query has found to be compared with exact search.
    private func offer(_ result: SearchResult, ofQuery query: Int) {
        switch queries {
        case .vectors(let floats):
            let start = query * generation.dimension
            let vector = Array(floats[start..<start + generation.dimension])
            recall?.offer(
                vector,
                own: nil,
                k: demand.k,
                found: result.candidates,
                from: served
            )
        case .rows(let rows):
            guard let row = rows[query] else { return }
            let vector = generation.vector(ofRow: row)
            recall?.offer(
                vector,
                own: row,
                k: demand.k,
                found: result.candidates,
                from: served
            )
        }
    }
}
