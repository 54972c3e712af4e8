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
        self.init(
            of: ids.indices,
            ItemPart(ids: ids, contents: contents, dense: dense),
            graph: graph,
            hasher: hasher,
            identities: IdentityRows(identities)
        )
    }

    /// The inputs of the items `range` of a catalogue, with which `part` came.
    init(
        of range: Range<Int>,
        _ part: ItemPart,
        graph: Graph,
        hasher: FeatureHasher,
        identities: IdentityRows
    ) {
        var dense = part.dense
        dense?.normaliseRows()
        self.init(
            content: hasher(part.contents),
            logDegrees: range.map { Float.log(1 + Float(graph.items.degree(of: $0))) },
            identities: part.ids.map { identities.rows[$0] },
            dense: dense
        )
    }
}

/// What came with some items of a catalogue that follow each other.
package struct ItemPart: Sendable {
    package var ids: [String]
    package var contents: [Content]
    /// (items, f), where they came with dense vectors.
    package var dense: Matrix?

    package init(ids: [String], contents: [Content], dense: Matrix?) {
        self.ids = ids
        self.contents = contents
        self.dense = dense
    }
}

/// The row of each item that a model has an identity row for, by its id.
struct IdentityRows: Sendable {
    let rows: [String: UInt32]

    /// Items in row order; of one that is named twice, the first row counts.
    init(_ items: [String]) {
        rows = Dictionary(
            items.enumerated().map { ($1, UInt32($0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
