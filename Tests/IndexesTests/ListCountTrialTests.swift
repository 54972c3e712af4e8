import Testing
import Vectors

@testable import Indexes

struct ListCountTrialTests {
    /// 600 vectors in two clusters far from each other.
    private var vectors: Matrix {
        var generator = SeededGenerator(seed: 1)
        var matrix = Matrix(rows: 600, columns: 10)
        for row in 0..<600 {
            for column in 0..<10 {
                matrix[row, column] = generator.normal() + (row % 2 == column ? 100 : 0)
            }
        }
        return matrix
    }

    private func trial(
        lists: Int,
        share: Double,
        _ rows: [[Int]],
        threads: Int = 2
    ) throws -> ListCountTrial {
        let vectors = vectors
        let queries = vectors.gather(Array(0..<rows.count))
        let builder = InvertedListsBuilder(listCount: lists, seed: 1, threads: threads)
        let truth = ListTruth(queries: queries, rows: rows)
        return try builder.trial(vectors, truth, share: share, metric: .l2)
    }

    @Test func `the only list is visited, and all codes are scanned`() throws {
        let found = try trial(lists: 1, share: 0.5, [[1, 2], [3]])
        #expect(found.probes == 1)
        #expect(found.codes == 600)
    }

    @Test func `as many lists are visited as hold the share of the truth`() throws {
        // Query 0 finds nine rows of its own cluster, and one of another.
        let rows = [(1...9).map { 2 * $0 } + [1]]
        let most = try trial(lists: 2, share: 0.9, rows)
        #expect(most.probes == 1)
        #expect(most.codes == 300)
        let all = try trial(lists: 2, share: 1, rows)
        #expect(all.probes == 2)
        #expect(all.codes == 600)
        #expect(all.nanoseconds > most.nanoseconds)
    }

    @Test func `one seed tells one thing, by any number of threads`() throws {
        let rows = (0..<50).map { query in (0..<600).filter { $0 % 30 == query % 30 } }
        let one = try trial(lists: 25, share: 0.9, rows, threads: 1)
        #expect(try trial(lists: 25, share: 0.9, rows, threads: 3) == one)
    }
}
