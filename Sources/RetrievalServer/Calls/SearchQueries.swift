import Foundation
import Indexes
import Retrieval
import Vectors
import Wire

/// What a search looks for, checked: vectors, or the neighbours of items.
struct SearchQueries: Sendable {
    private enum Kind {
        /// n vectors, one after the other (n * dimension).
        case vectors([Float])
        /// The rows of items; nil for an item that the generation does not hold.
        case rows([Int?])
    }

    private let kind: Kind
    private let generation: Generation
    let count: Int

    /// The vectors of a request.
    init(_ request: SearchRequest, to generation: Generation) throws(CallError) {
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
        kind = .vectors(floats)
        self.generation = generation
    }

    /// The items of a request.
    init(_ request: RelatedRequest, to generation: Generation) throws(CallError) {
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
        kind = .rows(rows)
        self.generation = generation
    }

    /// Which of the items asked for are known; nothing where vectors were.
    var found: [Bool] {
        switch kind {
        case .vectors: []
        case .rows(let rows): rows.map { $0 != nil }
        }
    }

    /// What the query at `place` finds.
    func search(_ place: Int, _ terms: SearchTerms) throws(RetrievalError) -> SearchResult {
        switch kind {
        case .vectors(let floats):
            return try generation.search(floats.span.extracting(range(of: place)), terms)
        case .rows(let rows):
            guard let row = rows[place] else {
                return SearchResult(candidates: [], isComplete: true)
            }
            var terms = terms
            terms.filter.excluded = row
            return try generation.search(generation.vector(ofRow: row).span, terms)
        }
    }

    /// The vector of the query at `place`, and the row of its own item, if it has one; nil for an
    /// item that is not known.
    func vector(_ place: Int) -> (vector: [Float], own: Int?)? {
        switch kind {
        case .vectors(let floats): (Array(floats[range(of: place)]), nil)
        case .rows(let rows): rows[place].map { (generation.vector(ofRow: $0), $0) }
        }
    }

    private func range(of place: Int) -> Range<Int> {
        let start = place * generation.dimension
        return start..<start + generation.dimension
    }
}
