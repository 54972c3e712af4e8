import EmbeddingStore
import Foundation
import Graph
import Vectors

/// The newest embedding version laid beside the catalogue: row u holds the embedding of item u.
///
/// A last row of zeros stands for every item that the catalogue does not know. It is never ranked.
struct EvaluationCatalogue {
    let vectors: Matrix
    let metric: Metric
    /// The map that makes queries of contexts, where one was learnt.
    let contextMap: Matrix?
    /// The items with an edge, which are the ones that are ranked.
    let connected: [Int]
    private let graph: Graph
    private let rows: [String: Int]
    private let contexts: [String: Int]

    init(_ workspace: Workspace) throws {
        let (graph, store) = try workspace.open()
        let version = try workspace.newestVersion(in: store)
        let (ids, embeddings) = try store.embeddings(ofVersion: version.number)
        let (items, contexts) = try store.catalogue()
        let positions = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        var vectors = embeddings.gather(
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
        vectors = Matrix(
            rows: vectors.rows + 1,
            columns: vectors.columns,
            elements: vectors.elements + [Float](repeating: 0, count: vectors.columns)
        )
        self.vectors = vectors
        rows = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1.id, $0) })
        self.contexts = Dictionary(uniqueKeysWithValues: contexts.enumerated().map { ($1, $0) })
        self.graph = graph
        connected = graph.connectedItems
        metric = version.metric
        contextMap = version.contextMap
    }

    /// The row that stands for items that are not in the catalogue.
    var unknown: Int { vectors.rows - 1 }

    func row(of id: String) -> Int {
        rows[id] ?? unknown
    }

    /// The items of a context; none where the catalogue does not know it.
    func items(ofContext name: String) -> [Int] {
        guard let context = contexts[name] else { return [] }
        return graph.contexts.positions(of: context).map { graph.contexts.neighbour(at: $0) }
    }

    /// Refuses a file of which the catalogue knows nothing, and tells of one that it knows in part.
    func check(_ ids: [String], of file: URL, progress: ProgressHandler) throws {
        let strangers = ids.filter { rows[$0] == nil }
        guard let first = strangers.first else { return }
        guard strangers.count < ids.count else {
            throw CommandError(
                "none of the \(ids.count) items of \(file.path) is in the catalogue (the first is "
                    + "\(first)); check that the file belongs to this workspace"
            )
        }
        progress(
            .line(
                "\(strangers.count) of the \(ids.count) items of \(file.path) are not in the "
                    + "catalogue (the first is \(first)); they count as missed"
            )
        )
    }
}

/// The ids in a file, one a line.
func readIDs(at file: URL) throws -> [String] {
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
        throw CommandError("cannot read \(file.path); check that it exists and is UTF-8 text")
    }
    let ids = text.split(whereSeparator: \.isNewline).map(String.init)
    guard !ids.isEmpty else { throw CommandError("\(file.path) names no item") }
    return ids
}
