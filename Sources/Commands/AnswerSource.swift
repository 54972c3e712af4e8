import Foundation
import Retrieval
import RetrievalClient
import Vectors

/// What answers the queries of an evaluation in place of exact search.
protocol AnswerSource: Sendable {
    /// The `k` items nearest to `query`, best first, as rows of the catalogue.
    func nearest(to query: [Float], k: Int) async throws -> [Candidate]
}

extension Workspace {
    /// The source that `via` names; nil for exact search.
    func answerSource(
        _ via: Via,
        socket: String,
        _ catalogue: EvaluationCatalogue
    ) async throws -> (any AnswerSource)? {
        switch via {
        case .exact: nil
        case .index: IndexSource(generation: try published(checking: false), catalogue: catalogue)
        case .socket: SocketSource(client: RetrievalClient(socket: socket), catalogue: catalogue)
        }
    }
}

/// The published generation, searched in this process.
private struct IndexSource: AnswerSource {
    let generation: Generation
    let catalogue: EvaluationCatalogue

    func nearest(to query: [Float], k: Int) throws -> [Candidate] {
        try generation.search(query.span, k: k).map { candidate in
            Candidate(
                row: catalogue.rows[generation.id(ofRow: candidate.row)],
                score: candidate.score
            )
        }
    }
}

/// A running daemon.
private struct SocketSource: AnswerSource {
    let client: RetrievalClient
    let catalogue: EvaluationCatalogue

    func nearest(to query: [Float], k: Int) async throws -> [Candidate] {
        let vectors = Matrix(rows: 1, columns: query.count, elements: query)
        let answer = try await client.search(vectors: vectors, k: k)
        return answer.candidates.flatMap(\.self).map { candidate in
            Candidate(row: catalogue.rows[candidate.itemID], score: candidate.score)
        }
    }
}
