import EmbeddingStore
import Foundation
import Graph
import Vectors

/// The newest embedding version laid beside the catalogue.
struct EvaluationCatalogue {
    let rows: ItemRows
    /// The embeddings, by row.
    let vectors: Matrix
    let metric: Metric
    /// The map that makes queries of contexts, where there is one.
    let contextMap: Matrix?
    /// The items with an edge, which are the ones that are ranked.
    let connected: [Int]
    private let graph: Graph
    private let contexts: [String: Int]

    init(_ workspace: Workspace) throws {
        let (graph, store) = try workspace.open()
        let version = try workspace.newestVersion(in: store)
        let (ids, embeddings) = try store.embeddings(ofVersion: version.number)
        let (items, contexts) = try store.catalogue()
        let positions = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        let vectors = embeddings.gather(
            try items.map { item in
                guard let position = positions[item.id] else {
                    throw CommandError(
                        "item \(item.id) has no embedding in version \(version.number), which is "
                            + "older than the import; run corkboard embed"
                    )
                }
                return position
            }
        )
        rows = ItemRows(items.map(\.id))
        self.vectors = rows.vectors(vectors)
        self.contexts = Dictionary(uniqueKeysWithValues: contexts.enumerated().map { ($1, $0) })
        self.graph = graph
        connected = graph.connectedItems
        metric = version.metric
        contextMap = version.contextMap
    }

    /// The items of a context; none where the catalogue does not know it.
    func items(ofContext name: String) -> [Int] {
        guard let context = contexts[name] else { return [] }
        return graph.contexts.positions(of: context).map { graph.contexts.neighbour(at: $0) }
    }
}
