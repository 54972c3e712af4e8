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
    /// The logarithm of each item's chance in one draw.
    private let logChances: [Float]

    /// Only items with an edge are drawn; nil where there is none.
    package init?(of graph: Graph, popularity: Float = 0) {
        let degrees = (0..<graph.itemCount).map(graph.items.degree)
        guard degrees.contains(where: { $0 > 0 }) else { return nil }
        let weights = degrees.map { $0 == 0 ? 0 : Double.pow(Double($0), Double(popularity)) }
        self.weights = AliasTable(weights)
        let logTotal = Double.log(weights.reduce(0, +))
        logChances = weights.map { Float(Double.log($0) - logTotal) }
    }

    /// The logarithm of how often `item` is expected among `count` draws.
    package func logExpectation(of item: Int, among count: Int) -> Float {
        logChances[item] + Float.log(Float(count))
    }

    package func draw(using generator: inout SeededGenerator) -> Int {
        weights.draw(generator.next())
    }
}
