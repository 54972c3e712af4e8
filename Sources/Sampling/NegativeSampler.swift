package import Graph
import RealModule
package import Vectors

/// Draws the items that stand as negatives for a whole batch.
///
/// Source: Ying and others, KDD 2018, section 3.3, "shared negatives". An item is drawn by its degree to the power of `popularity`: 0 draws evenly, as the paper does;
/// 1 draws like a random edge, so that a frequent item is as often a negative as it is a positive.
package struct NegativeSampler: Sendable {
    private let weights: CumulativeWeights<Double>

    /// Only items with an edge are drawn; nil where there is none.
    package init?(of graph: Graph, popularity: Float = 0) {
        weights = CumulativeWeights(
            (0..<graph.itemCount).map { item in
                let degree = graph.items.degree(of: item)
                return degree == 0 ? 0 : Double.pow(Double(degree), Double(popularity))
            }
        )
        guard weights.total > 0 else { return nil }
    }

    /// The logarithm of how often each item is expected among `count` draws.
    package func logExpectedDraws(_ count: Int) -> [Float] {
        weights.shares.map { Float(Double.log($0 * Double(count))) }
    }

    package func draw(using generator: inout SeededGenerator) -> Int {
        weights.draw(using: &generator)
    }
}
