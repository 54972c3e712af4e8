import Kernels
import Synchronization
package import Vectors

/// The memory of a search in an index, which the next one finds again: once it has grown as large
/// as searches need it, they allocate nothing but their answers.
package struct SearchScratch: Sendable {
    /// The query at length one, where the metric is cosine.
    private var direction: [Float] = []
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
    var scores: [Float] = []
    /// The best of them.
    package var best = TopK(0)

    package init() {}

    /// `query`, which is not zero, at length one.
    ///
    /// It lies in the memory of this scratch, which is copied if this is called again while it is
    /// still held.
    package mutating func direction(of query: Span<Float>) -> [Float] {
        direction.resize(to: query.count, with: 0)
        for index in query.indices {
            direction[index] = query[index]
        }
        var span = direction.mutableSpan
        normalise(&span, 0..<query.count)
        return direction
    }
}

/// Memory of searches that have ended.
package final class ScratchPool: Sendable {
    private let unused = Mutex<[SearchScratch]>([])

    package init() {}

    /// Memory that nobody else uses until it is given back.
    package func take() -> SearchScratch {
        unused.withLock { $0.popLast() } ?? SearchScratch()
    }

    /// Swapped for an empty one, not copied: as long as two refer to one memory, whoever takes it
    /// would have to copy it.
    package func give(_ scratch: inout SearchScratch) {
        unused.withLock { unused in
            unused.append(SearchScratch())
            swap(&unused[unused.count - 1], &scratch)
        }
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
