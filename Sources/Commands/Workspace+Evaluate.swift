import Datasets
import EmbeddingStore
package import Evaluation
import Files
package import Foundation
import Graph
import Vectors

/// Who answers the queries of an evaluation.
package enum Via: String, Sendable, CaseIterable, Codable {
    /// Exact search over the newest embedding version.
    case exact
    /// The published generation.
    case index
    /// A running daemon.
    case socket
}

extension PairReport: Report {
    package var description: String {
        "\(pairs) pairs: " + hitRate.described("hit-rate") + ", MRR/100 \(decimal(mrr100, 4)), "
            + "MRR \(decimal(mrr, 4))"
            + (cut.map { ", both of ranks to \($0)" } ?? "")
    }
}

extension ContextReport: Report {
    package var description: String {
        "\(contexts) contexts: " + recall.described("recall") + ", " + ndcg.described("NDCG")
            + ", coverage \(decimal(coverage, 4))"
    }
}

extension [Int: Double] {
    fileprivate func described(_ name: String) -> String {
        sorted { $0.key < $1.key }.map { "\(name)@\($0) \(decimal($1, 4))" }.joined(separator: ", ")
    }
}

extension Workspace {
    /// Ranks items for the query of each pair in `file` (`query<TAB>item` lines).
    package func evaluate(
        pairs file: URL,
        via: Via,
        socket: String,
        threads: Int,
        progress: ProgressHandler
    ) async throws -> PairReport {
        let catalogue = try EvaluationCatalogue(self)
        let pairs = try catalogue.rows.pairs(in: file, progress: progress)
        let candidates = catalogue.connected
        guard let source = try await answerSource(via, socket: socket, catalogue.rows) else {
            return evaluatePairs(
                pairs,
                vectors: catalogue.vectors,
                metric: catalogue.metric,
                candidates: candidates,
                threads: threads
            )
        }
        let ranked = Set(candidates)
        return try await evaluatePairs(pairs) { query, depth in
            guard query != catalogue.rows.unknown else { return [] }
            return try await nearestCandidates(
                depth,
                asking: depth,
                wanted: { ranked.contains($0.row) },
                ask: { try await source.related(to: query, k: $0) }
            )
        }
    }

    /// Ranks items for each context of the held-out edges in `edges`; with `cold`, a file of item
    /// ids, only those items are ranked.
    package func evaluate(
        edges: URL,
        cold: URL?,
        via: Via,
        socket: String,
        threads: Int,
        progress: ProgressHandler
    ) async throws -> ContextReport {
        let catalogue = try EvaluationCatalogue(self)
        let table = try EdgeTable(contentsOf: edges)
        try catalogue.rows.check(table.items, of: edges, progress: progress)
        var queries = table.contexts.map {
            ContextQuery(known: catalogue.items(ofContext: $0), heldOut: [])
        }
        for edge in table.edges {
            let row = catalogue.rows[table.items[Int(edge.item)]]
            if row == catalogue.rows.unknown {
                queries[Int(edge.context)].missing += 1
            } else {
                queries[Int(edge.context)].heldOut.append(row)
            }
        }
        let coldItems = try cold.map { try itemIDs(inLinesOf: $0) }
        if let cold, let coldItems {
            try catalogue.rows.check(coldItems, of: cold, progress: progress)
        }
        let candidates =
            coldItems.map { ids in
                Set(ids.map { catalogue.rows[$0] }).subtracting([catalogue.rows.unknown]).sorted()
            } ?? catalogue.connected
        guard let source = try await answerSource(via, socket: socket, catalogue.rows) else {
            return evaluateContexts(
                queries,
                vectors: catalogue.vectors,
                metric: catalogue.metric,
                candidates: candidates,
                contextMap: catalogue.contextMap,
                threads: threads
            )
        }
        let map = ContextMap(catalogue.contextMap, metric: catalogue.metric)
        let ranked = Set(candidates)
        return try await evaluateContexts(
            queries,
            candidateCount: candidates.count
        ) { context, depth in
            let query = map.query(known: context.known, vectors: catalogue.vectors)
            let known = Set(context.known)
            return try await nearestCandidates(
                depth,
                asking: depth + known.count,
                wanted: { ranked.contains($0.row) && !known.contains($0.row) },
                ask: { try await source.nearest(to: query, k: $0) }
            )
        }
    }
}
