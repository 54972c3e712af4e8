import Faiss
import Indexes
import Vectors

extension Searcher {
    /// Finds the `depth` rows with the nearest codes that may be returned, or about as many.
    ///
    /// Faiss knows of no filter, so as many more codes are asked for as the filter will take away,
    /// and more again as long as those hold too few. Its searches allocate what they return.
    func search(
        _ codes: FaissIndex,
        _ query: Span<Float>,
        _ terms: SearchTerms,
        _ wanted: Int,
        _ allowed: Int,
        _ depth: Int,
        _ scratch: inout SearchScratch
    ) throws(RetrievalError) -> Bool {
        let reach = Double(min(max(depth, wanted) + terms.room, vectors.count))
        let share = Double(max(1, allowed)) / Double(vectors.count)
        var depth = min(Int((reach / share).rounded(.up)), vectors.count)
        while true {
            let found = try reportingFaiss { () throws(FaissError) in
                try codes.search(query, k: depth, probes: 1)
            }
            scratch.rows.removeAll(keepingCapacity: true)
            for candidate in found where terms.filter.allows(candidate.row) {
                scratch.rows.append(UInt32(candidate.row))
            }
            let isEnough = scratch.rows.count >= wanted || depth == vectors.count
            guard !isEnough, !terms.isOver else { return isEnough }
            depth = min(2 * depth, vectors.count)
        }
    }
}
