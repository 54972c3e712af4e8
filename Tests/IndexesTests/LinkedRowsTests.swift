import Faiss
import Files
import Foundation
import TestSupport
import Testing
import Vectors

@testable import Indexes

/// Vectors, and links between them, read from their files.
private struct Linked {
    let matrix: Matrix
    let vectors: StoredVectors
    let links: LinkedRows

    init(count: Int, dimension: Int, degree: Int) throws {
        var generator = SeededGenerator(seed: 7)
        let elements = (0..<count * dimension).map { _ in generator.normal() }
        let matrix = Matrix(rows: count, columns: dimension, elements: elements)
        self.matrix = matrix
        (vectors, links) = try withTemporaryFolder { folder in
            let (v, l) = (folder.appendingPathComponent("v"), folder.appendingPathComponent("l"))
            var writer = try FileWriter(at: v)
            try writer.append(matrix.elements)
            _ = try writer.finish()
            try linkBytes(of: matrix, degree: degree).write(to: l)
            return (
                try StoredVectors(
                    contentsOf: v,
                    count: count,
                    dimension: dimension,
                    metric: .l2,
                    precision: .fp32
                ),
                try LinkedRows(contentsOf: l)
            )
        }
    }

    /// The two queues of the textbook over the lowest level, from the row `start`.
    func naiveWalk(_ query: [Float], breadth: Int, from start: Int) -> Set<Int> {
        func score(_ row: Int) -> Float { vectors.score(query.span, row: row) }
        var (open, best, seen) = ([start], [start], Set([start]))
        while let next = open.max(by: { score($0) < score($1) }) {
            open.removeAll { $0 == next }
            if best.count == breadth, score(next) < score(best[best.count - 1]) { break }
            for place in next * 2 * links.degree..<(next + 1) * 2 * links.degree {
                let row = Int(links.lower[place])
                guard row < links.count, seen.insert(row).inserted else { continue }
                open.append(row)
                best.append(row)
                best.sort { score($0) > score($1) }
                best = Array(best.prefix(breadth))
            }
        }
        return Set(best)
    }

    /// The greedy way down the upper levels.
    func naiveDescent(_ query: [Float]) -> Int {
        var row = links.entry
        for level in (0..<links.upperLevels(row)).reversed() {
            while true {
                let first = (Int(links.bounds[row]) + level) * links.degree
                let near =
                    (first..<first + links.degree).map { Int(links.upper[$0]) }
                    .filter { $0 < links.count } + [row]
                let best = near.max {
                    vectors.score(query.span, row: $0) < vectors.score(query.span, row: $1)
                }
                guard let best, best != row else { break }
                row = best
            }
        }
        return row
    }
}

private func linkBytes(of matrix: Matrix, degree: Int) throws -> Data {
    let links = try RowLinks(of: matrix, metric: .l2, degree: degree, breadth: 40, seed: 3)
    return try withTemporaryFolder { folder in
        let url = folder.appendingPathComponent("links")
        var writer = try FileWriter(at: url)
        try links.write(to: &writer)
        _ = try writer.finish()
        return try Data(contentsOf: url)
    }
}

struct LinkedRowsTests {
    @Test(arguments: [1, 3, 20])
    func `a walk ends where that of two queues does`(breadth: Int) throws {
        let linked = try Linked(count: 400, dimension: 6, degree: 3)
        var scratch = SearchScratch()
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<20 {
            let query = (0..<6).map { _ in generator.normal() }
            let isComplete = linked.links.search(
                query.span,
                LinkSearch(breadth: breadth, wanted: 1, filter: RowFilter()),
                in: linked.vectors,
                scratch: &scratch
            )
            #expect(isComplete)
            let start = linked.naiveDescent(query)
            let expected = linked.naiveWalk(query, breadth: breadth, from: start)
            #expect(Set(scratch.rows.map(Int.init)) == expected)
        }
    }

    @Test func `a filter makes the walk broader until it has found enough`() throws {
        let linked = try Linked(count: 2_000, dimension: 6, degree: 8)
        var allowed = RowSet(capacity: 2_000)
        for row in stride(from: 0, to: 2_000, by: 4) { allowed.insert(row) }
        var scratch = SearchScratch()
        let query = linked.matrix.row(1)
        let isComplete = linked.links.search(
            query.span,
            LinkSearch(breadth: 1, wanted: 8, filter: RowFilter(allowed: allowed, denied: nil)),
            in: linked.vectors,
            scratch: &scratch
        )
        #expect(isComplete)
        #expect(scratch.rows.count >= 8)
        #expect(scratch.rows.allSatisfy { allowed.contains(Int($0)) })
    }

    @Test func `a walk that runs out of time says so`() throws {
        let linked = try Linked(count: 100, dimension: 6, degree: 4)
        var scratch = SearchScratch()
        let query = linked.matrix.row(1)
        let search = LinkSearch(breadth: 9, wanted: 1, filter: RowFilter())
        let isComplete = linked.links.search(
            query.span,
            search,
            in: linked.vectors,
            scratch: &scratch,
            isOver: { true }
        )
        #expect(!isComplete)
        #expect(scratch.rows.count == 1)
    }

    @Test func `a file that was cut, or whose links lead nowhere, is refused`() throws {
        var generator = SeededGenerator(seed: 7)
        let elements = (0..<600).map { _ in generator.normal() }
        let bytes = try linkBytes(
            of: Matrix(rows: 100, columns: 6, elements: elements),
            degree: 2
        )
        #expect(try !refuses(bytes))
        for count in stride(from: 0, to: bytes.count, by: 37) {
            #expect(try refuses(bytes.prefix(count)))
        }
        for place in 0..<40 {
            var broken = bytes
            broken[place] = 0xF0
            #expect(try refuses(broken), "byte \(place)")
        }
        for row in 0..<100 {
            var broken = bytes
            broken[64 + row * 16 + 2] = 1
            #expect(try refuses(broken), "links of row \(row)")
        }
        // Row 0 of the bounds begins at 0, and no later one lies beyond the lists.
        for row in 0...100 {
            var broken = bytes
            broken[64 + 1_600 + row * 4 + 3] = 1
            #expect(try refuses(broken), "bound \(row)")
        }
    }

    private func refuses(_ bytes: Data) throws -> Bool {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("links")
            try bytes.write(to: url)
            do {
                _ = try LinkedRows(contentsOf: url)
                return false
            } catch let error as FileError {
                return error.code == .damaged
            }
        }
    }
}
