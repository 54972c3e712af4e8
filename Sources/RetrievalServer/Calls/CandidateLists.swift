import Indexes
import Retrieval
import Vectors
import Wire

/// The answer to a search, as it grows: a list of candidates for each query.
struct CandidateLists {
    private let generation: Generation
    private var response = SearchResponse()
    private var rows: [Int] = []
    private var scores: [Float] = []

    /// The answer of a generation by a plan, with no lists yet.
    init(from generation: Generation, by plan: SearchPlan) {
        self.generation = generation
        response.generation = UInt64(clamping: generation.number)
        response.embeddingVersion = UInt64(clamping: generation.embeddingVersion)
        response.effort = UInt32(clamping: plan.setting.effort)
        response.expectedRecall = plan.expectedRecall ?? 0
    }

    /// Adds the list of the next query.
    mutating func append(_ result: SearchResult) {
        if !result.isComplete {
            response.partial = true
        }
        response.counts.append(UInt32(clamping: result.candidates.count))
        for candidate in result.candidates {
            rows.append(candidate.row)
            scores.append(candidate.score)
        }
    }

    /// Leaves the next `count` queries without candidates, for the time is over.
    mutating func skip(_ count: Int) {
        response.partial = true
        response.counts.append(contentsOf: repeatElement(0, count: count))
    }

    /// The encoded message, with which of the items asked for are known, where items were.
    func encoded(found: [Bool] = []) -> [UInt8] {
        var response = response
        response.found = found
        return response.encoded(
            rows: rows,
            scores: scores,
            length: { generation.idLength(ofRow: $0) },
            append: { generation.appendID(ofRow: $0, to: &$1) }
        )
    }
}
