package import Graph

/// Edges read from outside, and the names of what they join.
///
/// An edge's `context` and `item` are positions in `contexts` and `items`.
package struct EdgeTable: Sendable, Equatable {
    /// Names, in the order in which they first appeared.
    package var contexts: [String]
    /// Ids, in the order in which they first appeared.
    package var items: [String]
    package var edges: [Edge]

    package init(contexts: [String], items: [String], edges: [Edge]) {
        self.contexts = contexts
        self.items = items
        self.edges = edges
    }
}
