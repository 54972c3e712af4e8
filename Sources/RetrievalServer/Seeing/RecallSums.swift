import Synchronization

/// What sampled searches of one generation have found, added up.
///
/// One thread adds, any may ask; without a lock, for the one that adds may be stopped at any moment
/// for long. Who asks meanwhile may miss a part of the last sample.
final class RecallSums: Sendable {
    /// Recalls are added up in billionths, which a whole number holds without rounding.
    private static let unit = 1e9

    let generation: Int
    private let queries = Atomic(0)
    private let sum = Atomic(0)
    private let squares = Atomic(0)

    init(generation: Int) {
        self.generation = generation
    }

    /// Adds the recall of one search, from 0 to 1.
    func add(_ recall: Double) {
        sum.wrappingAdd(Int((recall * Self.unit).rounded()), ordering: .relaxed)
        squares.wrappingAdd(Int((recall * recall * Self.unit).rounded()), ordering: .relaxed)
        queries.wrappingAdd(1, ordering: .releasing)
    }

    /// What is known by now; nil while no search has been compared.
    var estimate: RecallEstimate? {
        let count = queries.load(ordering: .acquiring)
        guard count > 0 else { return nil }
        return RecallEstimate(
            generation: generation,
            queries: count,
            sum: Double(sum.load(ordering: .relaxed)) / Self.unit,
            squares: Double(squares.load(ordering: .relaxed)) / Self.unit
        )
    }
}

/// The recall of a generation, as far as some of its searches tell.
struct RecallEstimate: Sendable, Equatable {
    let generation: Int
    let queries: Int
    /// The mean of all queries.
    let recall: Double
    /// Half the width of the 95 % interval of the recall.
    let margin: Double

    /// The estimate from the recalls of `queries` searches, their sum and that of their squares.
    init(generation: Int, queries: Int, sum: Double, squares: Double) {
        self.generation = generation
        self.queries = queries
        let count = Double(queries)
        let mean = min(1, sum / count)
        let variance = max(0, squares / count - mean * mean)
        recall = mean
        // 1.96 standard errors, by the normal distribution, which has nothing to say of searches
        // that all found the same: then the rule of three holds (Hanley and Lippman-Hand 1983).
        margin = min(1, max(1.96 * (variance / count).squareRoot(), 3 / count))
    }
}
