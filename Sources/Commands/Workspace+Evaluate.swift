import BLAS
import Datasets
import EmbeddingStore
package import Evaluation
import Files
package import Foundation
import Graph
import Retrieval
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
        threads: Int
    ) async throws -> PairReport {
        let catalogue = try EvaluationCatalogue(self, threads: threads)
        // A line of pairs has the form of an edge: a query in place of a context.
        let table = try EdgeTable(contentsOf: file)
        let pairs = try table.edges.map { edge in
            Pair(
                query: try catalogue.row(of: table.contexts[Int(edge.context)]),
                item: try catalogue.row(of: table.items[Int(edge.item)])
            )
        }
        let candidates = catalogue.connected
        guard let source = try await answerSource(via, socket: socket, catalogue) else {
            return evaluatePairs(
                pairs,
                vectors: catalogue.vectors,
                metric: catalogue.metric,
                candidates: candidates
            )
        }
        let depth = PairReport.depths.max() ?? 0
        let ranked = Set(candidates)
        return try await evaluatePairs(pairs) { query in
            // One more, because the query itself is among its own candidates.
            try await source.nearest(to: catalogue.vectors.row(query), k: depth + 1)
                .filter { ranked.contains($0.row) && $0.row != query }
        }
    }

    /// Ranks items for each context of the held-out edges in `edges`; with `cold`, a file of item
    /// ids, only those items are ranked.
    package func evaluate(
        edges: URL,
        cold: URL?,
        via: Via,
        socket: String,
        threads: Int
    ) async throws -> ContextReport {
        let catalogue = try EvaluationCatalogue(self, threads: threads)
        let table = try EdgeTable(contentsOf: edges)
        var heldOut: [Int: [Int]] = [:]
        for edge in table.edges {
            let context = try catalogue.context(of: table.contexts[Int(edge.context)])
            heldOut[context, default: []].append(
                try catalogue.row(of: table.items[Int(edge.item)])
            )
        }
        let queries = heldOut.sorted { $0.key < $1.key }.map { context, items in
            ContextQuery(known: catalogue.items(ofContext: context), heldOut: items)
        }
        let candidates = try cold.map { try readIDs(at: $0).map(catalogue.row) }
            ?? catalogue.connected
        guard let source = try await answerSource(via, socket: socket, catalogue) else {
            return evaluateContexts(
                queries,
                vectors: catalogue.vectors,
                metric: catalogue.metric,
                candidates: candidates
            )
        }
        let ranked = Set(candidates)
        let depth = ContextReport.recallDepths.max() ?? 0
        return try await evaluateContexts(queries, candidateCount: candidates.count) { context in
            let query = contextQuery(
                known: context.known,
                vectors: catalogue.vectors,
                metric: catalogue.metric
            )
            // An index cannot be told to rank a few items only, so the cold ones are looked for
            // as deep as one search goes.
            let k = cold == nil ? depth + context.known.count : Generation.maximumK
            return try await source.nearest(to: query, k: min(k, Generation.maximumK))
                .filter { ranked.contains($0.row) }
        }
    }
}
