import BLAS
import EmbeddingStore
import Foundation
import Graph
import Vectors

/// The newest embedding version laid beside the catalogue: row u holds the embedding of item u.
struct EvaluationCatalogue {
    let vectors: Matrix
    let metric: Metric
    /// The items with an edge, which are the ones that are ranked.
    let connected: [Int]
    private let graph: Graph
    private let rows: [String: Int]
    private let contexts: [String: Int]
    private let folder: URL

    init(_ workspace: Workspace, threads: Int) throws {
        BLAS.setThreads(threadCount(threads))
        let (graph, store) = try workspace.open()
        let version = try workspace.newestVersion(in: store)
        let (ids, embeddings) = try store.embeddings(ofVersion: version.number)
        let (items, contexts) = try store.catalogue()
        let positions = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
        vectors = embeddings.gather(
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
        rows = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1.id, $0) })
        self.contexts = Dictionary(uniqueKeysWithValues: contexts.enumerated().map { ($1, $0) })
        self.graph = graph
        connected = graph.connectedItems
        metric = version.metric
        folder = workspace.folder
    }

    func row(of id: String) throws -> Int {
        guard let row = rows[id] else {
            throw CommandError("there is no item \(id) in \(folder.path); check the file's ids")
        }
        return row
    }

    /// The row of an item that a daemon named; nil where the import is newer than what it serves.
    func rowIfKnown(of id: String) -> Int? {
        rows[id]
    }

    func context(of name: String) throws -> Int {
        guard let context = contexts[name] else {
            throw CommandError("there is no context \(name) in \(folder.path); check the file")
        }
        return context
    }

    func items(ofContext context: Int) -> [Int] {
        graph.contexts.positions(of: context).map { graph.contexts.neighbour(at: $0) }
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
