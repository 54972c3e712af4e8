import Indexes
import NIOCore
import Retrieval
import Vectors
import Wire

/// A search whose request has been checked: what to look for, and where.
struct SearchJob: Job {
    private let served: ServedGeneration
    private let queries: SearchQueries
    private let demand: SearchDemand
    /// Who looks at what some of the searches find, if somebody does.
    private let recall: LiveRecall?

    private var generation: Generation { served.generation }

    var isShort: Bool {
        demand.work(queries: queries.count, in: generation) <= Limits.workOnEventLoop
    }

    /// The job of a request with vectors.
    init(
        _ request: SearchRequest,
        from served: ServedGeneration,
        recall: LiveRecall? = nil
    ) throws(CallError) {
        let queries = try SearchQueries(request, to: served.generation)
        try self.init(queries, request, from: served, recall)
    }

    /// The job of a request with items.
    init(
        _ request: RelatedRequest,
        from served: ServedGeneration,
        recall: LiveRecall? = nil
    ) throws(CallError) {
        let queries = try SearchQueries(request, to: served.generation)
        try self.init(queries, request, from: served, recall)
    }

    private init(
        _ queries: SearchQueries,
        _ question: some SearchQuestion,
        from served: ServedGeneration,
        _ recall: LiveRecall?
    ) throws(CallError) {
        demand = try SearchDemand(question, queries: queries.count, of: served.generation)
        self.queries = queries
        self.served = served
        self.recall = recall
    }
}

// MARK: - Searching

extension SearchJob {
    func answer(to pending: PendingCall) throws(CallError) -> [UInt8] {
        var (terms, plan) = demand.terms(in: generation)
        terms.deadline = pending.searchEnd
        pending.notes?.tell(
            CallNotes.Search(
                queries: queries.count,
                k: demand.k,
                effort: plan.setting.effort,
                generation: generation.number
            )
        )
        let draw = demand.isFiltered ? nil : recall?.draw(queries.count)
        var lists = CandidateLists(from: generation, by: plan)
        for query in 0..<queries.count {
            if query > 0 {
                try pending.checkIsNotCancelled()
                if terms.isOver {
                    lists.skip(queries.count - query)
                    break
                }
            }
            let result = try result(ofQuery: query, terms)
            lists.append(result)
            if let draw, draw.contains(query), result.isComplete {
                offer(result, ofQuery: query)
            }
        }
        return lists.encoded(found: queries.found)
    }

    private func result(
        ofQuery query: Int,
        _ terms: SearchTerms
    ) throws(CallError) -> SearchResult {
        do {
            return try queries.search(query, terms)
        } catch {
            let code: StatusCode = error.code == .invalid ? .invalidArgument : .internal
            throw CallError(code, "query \(query): \(error.description)")
        }
    }

    /// Leaves what a query has found to be compared with exact search.
    private func offer(_ result: SearchResult, ofQuery query: Int) {
        guard let (vector, own) = queries.vector(query) else { return }
        recall?.offer(vector, own: own, k: demand.k, found: result.candidates, from: served)
    }
}
