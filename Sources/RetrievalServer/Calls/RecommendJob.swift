import Indexes
import NIOCore
import Retrieval
import Vectors
import Wire

/// A search for what goes with a user's history.
struct RecommendJob: Job {
    private let generation: Generation
    /// The known items of the history, and how much each counts.
    private let rows: [Int]
    private let weights: [Float]
    private let found: [Bool]
    private let isMerged: Bool
    private let contextMap: ContextMap
    private let demand: SearchDemand

    init(_ request: RecommendRequest, from served: ServedGeneration) throws(CallError) {
        let generation = served.generation
        let ids = request.itemIds
        try Limits.check(batch: ids.count, of: "items")
        let given = request.weights.isEmpty ? ids.map { _ in 1 } : request.weights
        try Self.check(given, of: ids)
        let asked = ids.map { generation.row(ofID: $0) }
        let known = zip(asked, given).compactMap { row, weight in row.map { ($0, weight) } }
        guard !known.isEmpty else {
            throw CallError(
                .notFound,
                "generation \(generation.number) has none of the \(ids.count) items, such as \(ids[0])"
            )
        }
        guard known.contains(where: { $0.1 > 0 }) else {
            throw CallError(
                .invalidArgument,
                "no known item has a weight above 0; give one to at least one of them"
            )
        }
        var request = request
        if !request.includeSeen {
            request.filter.deny.itemIds += ids
        }
        isMerged = request.mode == .merged
        demand = try SearchDemand(request, queries: 1, of: generation)
        rows = known.map(\.0)
        // Their sum must be a number, too.
        let greatest = known.reduce(0) { max($0, $1.1) }
        weights = known.map { $0.1 / greatest }
        found = asked.map { $0 != nil }
        contextMap = served.contextMap
        self.generation = generation
    }

    private static func check(_ weights: [Float], of ids: [String]) throws(CallError) {
        guard weights.count == ids.count else {
            throw CallError(
                .invalidArgument,
                "there are \(weights.count) weights for \(ids.count) items; give one for each, or none"
            )
        }
        if let place = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw CallError(
                .invalidArgument,
                "the weight of \(ids[place]) is \(weights[place]); give 0 or a finite number above it"
            )
        }
    }

    var isShort: Bool {
        demand.work(queries: isMerged ? rows.count : 1, in: generation) <= Limits.workOnEventLoop
    }

    func answer(to pending: PendingCall) throws(CallError) -> [UInt8] {
        var (terms, plan) = demand.terms(in: generation)
        terms.deadline = pending.searchEnd
        pending.notes?.tell(
            CallNotes.Search(
                queries: isMerged ? rows.count : 1,
                k: demand.k,
                effort: plan.setting.effort,
                generation: generation.number
            )
        )
        var lists = CandidateLists(from: generation, by: plan)
        lists.append(try isMerged ? merged(terms, pending) : pooled(terms))
        return lists.encoded(found: found)
    }

    /// One search, for the weighted mean.
    private func pooled(_ terms: SearchTerms) throws(CallError) -> SearchResult {
        let vectors = Matrix(
            rows: rows.count,
            columns: generation.dimension,
            elements: rows.flatMap { generation.vector(ofRow: $0) }
        )
        let query = contextMap.query(of: vectors, weights: weights)
        return try search(terms) { () throws(RetrievalError) in
            try generation.search(query.span, terms)
        }
    }

    /// A search for each item, and the lists made one.
    private func merged(
        _ terms: SearchTerms,
        _ pending: PendingCall
    ) throws(CallError) -> SearchResult {
        var fusion = RankFusion()
        var isComplete = true
        for (row, weight) in zip(rows, weights) where weight > 0 {
            try pending.checkIsNotCancelled()
            if terms.isOver {
                isComplete = false
                break
            }
            let query = generation.vector(ofRow: row)
            let result = try search(terms) { () throws(RetrievalError) in
                try generation.search(query.span, terms)
            }
            isComplete = isComplete && result.isComplete
            fusion.add(result.candidates, weight: weight)
        }
        return SearchResult(candidates: fusion.best(terms.k), isComplete: isComplete)
    }

    private func search(
        _ terms: SearchTerms,
        _ body: () throws(RetrievalError) -> SearchResult
    ) throws(CallError) -> SearchResult {
        do {
            return try body()
        } catch {
            throw CallError(
                error.code == .invalid ? .invalidArgument : .internal,
                error.description
            )
        }
    }
}
