import Foundation
import Retrieval
import RetrievalClient
import Vectors
import Wire

/// What answers the queries of an evaluation in place of exact search, at its default setting.
protocol AnswerSource: Sendable {
    /// The `k` items nearest to `query`, best first, as rows of the catalogue.
    func nearest(to query: [Float], k: Int) async throws -> [Candidate]
    /// The `k` items nearest to `item`, a row of the catalogue, without itself; none where it is
    /// not served.
    func related(to item: Int, k: Int) async throws -> [Candidate]
}

extension Workspace {
    /// The source that `via` names; nil for exact search.
    func answerSource(
        _ via: Via,
        socket: String,
        _ rows: ItemRows
    ) async throws -> (any AnswerSource)? {
        switch via {
        case .exact: nil
        case .index: IndexSource(generation: try published(checking: false), rows: rows)
        case .socket: SocketSource(client: RetrievalClient(socket: socket), rows: rows)
        }
    }
}

/// The candidates that are `wanted`, at least `count` of them where one search can find so many.
///
/// `ask` is asked for `k` candidates, and again for twice as many while too few are wanted: an
/// index cannot be told which items to rank.
func nearestCandidates(
    _ count: Int,
    asking k: Int,
    wanted: (Candidate) -> Bool,
    ask: (Int) async throws -> [Candidate]
) async rethrows -> [Candidate] {
    var k = min(k, Generation.maximumK)
    while true {
        let answer = try await ask(k)
        let found = answer.filter(wanted)
        if found.count >= count || answer.count < k || k == Generation.maximumK {
            return found
        }
        k = min(2 * k, Generation.maximumK)
    }
}

/// The published generation, searched in this process.
private struct IndexSource: AnswerSource {
    let generation: Generation
    let rows: ItemRows

    func nearest(to query: [Float], k: Int) throws -> [Candidate] {
        named(try generation.search(query.span, k: k))
    }

    func related(to item: Int, k: Int) throws -> [Candidate] {
        guard let row = generation.row(ofID: rows.ids[item]) else { return [] }
        let query = generation.vector(ofRow: row)
        return named(try generation.search(query.span, k: k, excluding: row))
    }

    private func named(_ candidates: [Candidate]) -> [Candidate] {
        candidates.map { Candidate(row: rows[generation.id(ofRow: $0.row)], score: $0.score) }
    }
}

/// A running daemon.
private struct SocketSource: AnswerSource {
    let client: RetrievalClient
    let rows: ItemRows

    func nearest(to query: [Float], k: Int) async throws -> [Candidate] {
        let vectors = Matrix(rows: 1, columns: query.count, elements: query)
        return named(try await client.search(vectors: vectors, k: k))
    }

    func related(to item: Int, k: Int) async throws -> [Candidate] {
        do {
            return named(try await client.related(itemIDs: [rows.ids[item]], k: k))
        } catch let error where error.code == .notFound {
            return []
        }
    }

    private func named(_ answer: SearchAnswer) -> [Candidate] {
        answer.candidates.joined().map { Candidate(row: rows[$0.itemID], score: $0.score) }
    }
}
