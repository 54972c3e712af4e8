package import Graph
import RealModule
package import Vectors

/// Draws the items that stand as negatives for a whole batch.
///
/// Source: Ying and others, KDD 2018, section 3.3, "shared negatives". An item is drawn by
/// its degree to the power of `popularity`: 0 draws evenly, as the paper does; 1 draws like a random
/// edge, so that a frequent item is as often a negative as it is a positive.
package struct NegativeSampler: Sendable {
    private let weights: AliasTable

    /// Only items with an edge are drawn; nil where there is none.
    package init?(of graph: Graph, popularity: Float = 0) {
        let degrees = (0..<graph.itemCount).map(graph.items.degree)
        guard degrees.contains(where: { $0 > 0 }) else { return nil }
        weights = AliasTable(
            degrees.map { $0 == 0 ? 0 : Double.pow(Double($0), Double(popularity)) }
        )
    }

    package func draw(using generator: inout SeededGenerator) -> Int {
        weights.draw(generator.next())
    }
}
