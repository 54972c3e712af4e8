import Kernels
import Synchronization

/// The memory of a search in an index, which the next one finds again.
///
/// What is not here is allocated: the prepared query, the heap of the best, and the answer.
package struct SearchScratch: Sendable {
    /// The nearest lists, in a search of an index that has lists.
    var lists = Shortlist()
    var listNumbers: [UInt32] = []
    var listScores: [Float] = []
    /// The query, less the mean and filled up to whole groups.
    var query: [Float] = []
    var bytes: [Int8] = []
    var tables: [UInt8] = []
    /// The query's projections on hyperplanes and its tokens, in a search of tables of tokens, and
    /// how many of them each row shares.
    var projections: [Float] = []
    var tokens = TokenQueue()
    var counter = TokenCounter()
    /// Where a walk over links has been, and the best that it has found.
    var visited = VisitedRows()
    var beam = Beam()
    /// The nearest codes.
    var shortlist = Shortlist()
    /// The rows to rerank, and their scores.
    package var rows: [UInt32] = []
    package var scores: [Float] = []

    package init() {}
}

/// Memory of searches that have ended.
package final class ScratchPool: Sendable {
    private let unused = Mutex<[SearchScratch]>([])

    package init() {}

    /// Memory that nobody else uses until it is given back.
    package func take() -> SearchScratch {
        unused.withLock { $0.popLast() } ?? SearchScratch()
    }

    package func give(_ scratch: consuming SearchScratch) {
        let scratch = scratch
        unused.withLock { $0.append(scratch) }
    }
}

extension Array {
    /// Makes this `count` elements long; those that were there stay.
    package mutating func resize(to count: Int, with filler: Element) {
        if self.count > count {
            removeLast(self.count - count)
        } else if self.count < count {
            append(contentsOf: repeatElement(filler, count: count - self.count))
        }
    }
}
