import Datasets
import Foundation
import Graph
import Vectors

/// The items of a catalogue as a measurement names them: row u stands for item u.
///
/// One more row, of zeros, stands for every item that the catalogue does not know. It is never
/// ranked.
struct ItemRows {
    /// The ids of the items, by row.
    let ids: [String]
    private let rows: [String: Int]

    init(_ ids: [String]) {
        self.ids = ids
        rows = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
    }

    /// How many items the catalogue has.
    var count: Int { ids.count }

    /// The row that stands for items that are not in the catalogue.
    var unknown: Int { count }

    subscript(id: String) -> Int { rows[id] ?? unknown }

    /// The embeddings of the items (items, d), and the row of those that are not in the catalogue.
    func vectors(_ embeddings: Matrix) -> Matrix {
        Matrix(
            rows: count + 1,
            columns: embeddings.columns,
            elements: embeddings.elements + [Float](repeating: 0, count: embeddings.columns)
        )
    }

    /// The pairs in `file`, `query<TAB>item` lines.
    ///
    /// - Throws: ``CommandError`` where the catalogue knows none of their items; the error of the
    ///   file where it cannot be read.
    func pairs(in file: URL, progress: ProgressHandler) throws -> [Pair] {
        // A line of pairs has the form of an edge: a query in place of a context.
        let table = try EdgeTable(contentsOf: file)
        try check(table.contexts + table.items, of: file, progress: progress)
        return table.edges.map { edge in
            let query = self[table.contexts[Int(edge.context)]]
            let item = self[table.items[Int(edge.item)]]
            // A query without a vector finds nothing.
            return Pair(query: query, item: query == unknown ? query : item)
        }
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
