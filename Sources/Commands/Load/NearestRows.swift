import Datasets
import Foundation

/// Which items are truly nearest to each query.
struct NearestRows {
    private let k: Int
    private let nearest: [Set<String>]

    /// Reads the first `k` columns of the row numbers in `file`.
    ///
    /// - Throws: an error where the file does not fit the queries or the items.
    init(in file: URL, ids: URL?, itemCount: Int, queryCount: Int, k: Int) throws {
        let array = try NumPyArray(contentsOf: file)
        guard array.rows == queryCount else {
            throw CommandError(
                "\(file.path) has \(array.rows) rows for \(queryCount) queries; give one for each"
            )
        }
        guard array.columns >= k else {
            throw CommandError(
                "\(file.path) tells of \(array.columns) nearest rows, fewer than k = \(k); "
                    + "ask for -k \(array.columns), or compute more"
            )
        }
        let names = try ids.map { try itemIDs(inLinesOf: $0) } ?? RowNames(count: itemCount).all
        let rows = try array.integers()
        let columns = array.columns
        self.k = k
        nearest = try (0..<queryCount).map { query in
            Set(
                try rows[query * columns..<query * columns + k].map { row in
                    guard names.indices.contains(row) else {
                        throw CommandError(
                            "row \(query) of \(file.path) tells of row \(row), but there are "
                                + "\(names.count); give the truth of what is served"
                        )
                    }
                    return names[row]
                }
            )
        }
    }

    /// The share of the `k` nearest that is among the first `k` of `found`.
    func recall(of found: [String], query: Int) -> Double {
        Double(nearest[query].intersection(found.prefix(k)).count) / Double(k)
    }
}
