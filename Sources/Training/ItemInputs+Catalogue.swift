package import Graph
package import PinSage
import RealModule
package import Vectors

extension ItemInputs {
    /// The inputs of a catalogue: item u has `ids[u]`, `contents[u]`, and the degree that it has
    /// in `graph`.
    ///
    /// `identities` names the items that a model has identity rows for, in row order; an item
    /// that is not among them does without. `dense` (items, f) is taken at length one, row by row.
    package init(
        ids: [String],
        contents: [Content],
        graph: Graph,
        hasher: FeatureHasher,
        identities: [String],
        dense: Matrix?
    ) {
        var dense = dense
        dense?.normaliseRows()
        let rows = Dictionary(
            identities.enumerated().map { ($1, UInt32($0)) },
            uniquingKeysWith: { first, _ in first }
        )
        self.init(
            content: hasher(contents),
            logDegrees: ids.indices.map { Float.log(1 + Float(graph.items.degree(of: $0))) },
            identities: ids.map { rows[$0] },
            dense: dense
        )
    }
}
