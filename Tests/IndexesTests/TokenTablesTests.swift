import Files
import Foundation
import TestSupport
import Testing
import Vectors

@testable import Indexes

struct TokenTablesTests {
    /// Two vectors with an angle of pi times `share` between them, and their opposites, so that the
    /// mean is zero.
    private func pair(share: Double, dimension: Int) -> Matrix {
        var matrix = Matrix(rows: 4, columns: dimension)
        let angle = Double.pi * share
        (matrix[0, 0], matrix[1, 0], matrix[1, 5]) = (3, Float(cos(angle)), Float(sin(angle)))
        for column in 0..<dimension {
            (matrix[2, column], matrix[3, column]) = (-matrix[0, column], -matrix[1, column])
        }
        return matrix
    }

    @Test(arguments: [0.1, 0.25, 0.5, 0.8], [1, 3])
    func `two vectors share a token with the probability of their angle`(
        share: Double,
        bits: Int
    ) {
        let vectors = pair(share: share, dimension: 16)
        var shared = 0
        for seed in 0..<20 {
            let file = TokenTablesBuilder(tables: 255, bits: bits, seed: UInt64(seed), threads: 2)
                .build(vectors)
            shared += file.tables.count { $0.tokens[0] == $0.tokens[1] }
        }
        let expected = pow(1 - share, Double(bits))
        let deviation = (expected * (1 - expected) / 5_100).squareRoot()
        #expect(abs(Double(shared) / 5_100 - expected) < 4 * deviation)
    }

    /// Own tokens cost nothing and come in no order, so none but one table's, or all, are comparable.
    @Test(arguments: [1, 8, 20, 60, 128], [1, 5, 40, 1_000])
    func `a search returns the Weak AND that a naive count does`(tokens: Int, depth: Int) throws {
        let vectors = randomRows(300, dimension: 12)
        let file = TokenTablesBuilder(tables: 8, bits: 4, seed: 3, threads: 2).build(vectors)
        let tables = try mapped(file)
        var scratch = SearchScratch()
        for row in stride(from: 0, to: 300, by: 30) {
            let query = vectors.row(row)
            let counts = naiveCounts(file, query, tokens: tokens)
            let isComplete = tables.search(
                query.span,
                ProbedSearch(probes: tokens, depth: depth, wanted: 1, filter: RowFilter()),
                scratch: &scratch
            )
            #expect(isComplete)
            let found = scratch.rows.map { counts[Int($0)] }.sorted(by: >)
            #expect(Set(scratch.rows).count == found.count)
            #expect(found == counts.filter { $0 > 0 }.sorted(by: >).prefix(depth).map(\.self))
        }
    }

    @Test func `more tokens are looked up where the first ones hold too few allowed rows`() throws {
        let vectors = randomRows(300, dimension: 12)
        let tables = try mapped(
            TokenTablesBuilder(tables: 8, bits: 4, seed: 3, threads: 2).build(vectors)
        )
        var allowed = RowSet(capacity: 300)
        for row in stride(from: 1, to: 300, by: 3) { allowed.insert(row) }
        var scratch = SearchScratch()
        for wanted in [1, 10, 50] {
            let filter = RowFilter(allowed: allowed, denied: nil)
            let search = ProbedSearch(probes: 1, depth: wanted, wanted: wanted, filter: filter)
            let query = vectors.row(wanted)
            #expect(tables.search(query.span, search, scratch: &scratch))
            #expect(scratch.rows.count == wanted)
            #expect(scratch.rows.allSatisfy { allowed.contains(Int($0)) })
        }
    }

    @Test func `a search that runs out of time leaves no counts behind`() throws {
        let vectors = randomRows(9_000, dimension: 4)
        let tables = try mapped(
            TokenTablesBuilder(tables: 4, bits: 1, seed: 3, threads: 2).build(vectors)
        )
        let search = ProbedSearch(probes: 8, depth: 9_000, wanted: 1, filter: RowFilter())
        let query = vectors.row(0)
        var (used, fresh) = (SearchScratch(), SearchScratch())
        #expect(!tables.search(query.span, search, scratch: &used, isOver: { true }))
        #expect(used.rows.count > 0 && used.rows.count < 9_000)
        #expect(tables.search(query.span, search, scratch: &used))
        #expect(tables.search(query.span, search, scratch: &fresh))
        #expect(used.rows == fresh.rows)
    }

    @Test func `the bytes follow from the seed, not from the threads`() throws {
        let vectors = randomRows(2_000, dimension: 12)
        func bytes(seed: UInt64, threads: Int) throws -> Data {
            let builder = TokenTablesBuilder(tables: 5, bits: 6, seed: seed, threads: threads)
            return try data(of: builder.build(vectors))
        }
        let expected = try bytes(seed: 1, threads: 1)
        #expect(try bytes(seed: 1, threads: 3) == expected)
        #expect(try bytes(seed: 2, threads: 3) != expected)
    }
}

struct TokenTablesDamageTests {
    private let size = (count: 40, tables: 3, bits: 2)

    /// The bytes of tables of 40 vectors.
    private func sample() throws -> Data {
        try data(
            of: TokenTablesBuilder(tables: size.tables, bits: size.bits, seed: 1, threads: 1)
                .build(randomRows(size.count, dimension: 16))
        )
    }

    private func refuses(_ bytes: Data) throws -> Bool {
        try withTemporaryFolder { folder in
            let url = folder.appendingPathComponent("tokens")
            try bytes.write(to: url)
            do {
                _ = try TokenTables(contentsOf: url)
                return false
            } catch let error as FileError {
                return error.code == .damaged
            }
        }
    }

    @Test func `a whole file is read, and one that was cut anywhere is refused`() throws {
        let bytes = try sample()
        #expect(try !refuses(bytes))
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(try refuses(bytes.prefix(count)))
        }
    }

    @Test func `a head that does not fit is refused`() throws {
        let bytes = try sample()
        for place in 0..<40 {
            for value in [UInt8.max, bytes[place] ^ 0x10] {
                var broken = bytes
                broken[place] = value
                #expect(try refuses(broken), "byte \(place) is \(value)")
            }
        }
    }

    @Test func `lists that do not hold each row once are refused`() throws {
        let bytes = try sample()
        let rows = bytes.count - size.tables * size.count * 4
        for place in stride(from: rows, to: bytes.count, by: 4) {
            var broken = bytes
            broken[place] ^= 1
            #expect(try refuses(broken), "row at byte \(place)")
            broken[place] = 40
            #expect(try refuses(broken), "row at byte \(place)")
        }
        // In each table the bounds begin at 0, end at the count, and never fall.
        let boundCount = 1 << size.bits + 1
        let bounds = rows / 64 * 64 - 64
        #expect(size.tables * boundCount * 4 <= 64)
        for place in 0..<size.tables * boundCount {
            var broken = bytes
            broken[bounds + place * 4 + 1] = 1
            #expect(try refuses(broken), "bound \(place)")
        }
    }
}

struct TokenQueueTests {
    @Test func `every token of every table comes up once, and none before a likelier one`() {
        var generator = SeededGenerator(seed: 5)
        let projections = (0..<15).map { _ in generator.normal() }
        var queue = TokenQueue()
        queue.begin(projections.span, bits: 5)
        var (seen, last) = (Set<[Int]>(), Float(0))
        while let next = queue.next() {
            let cost = cost(ofToken: next.token, table: next.table, projections, bits: 5)
            #expect(cost >= last - 1e-5)
            last = cost
            seen.insert([next.table, next.token])
        }
        #expect(seen.count == 3 * 32)
    }
}

// MARK: - Builders and slow twins

private func randomRows(_ count: Int, dimension: Int) -> Matrix {
    var generator = SeededGenerator(seed: 11)
    let elements = (0..<count * dimension).map { _ in generator.normal() + 2 }
    return Matrix(rows: count, columns: dimension, elements: elements)
}

private func write(_ file: TokenTablesFile, to url: URL) throws {
    var writer = try FileWriter(at: url)
    try file.write(to: &writer)
    _ = try writer.finish()
}

private func mapped(_ file: TokenTablesFile) throws -> TokenTables {
    try withTemporaryFolder { folder in
        let url = folder.appendingPathComponent("tokens")
        try write(file, to: url)
        return try TokenTables(contentsOf: url)
    }
}

private func data(of file: TokenTablesFile) throws -> Data {
    try withTemporaryFolder { folder in
        let url = folder.appendingPathComponent("tokens")
        try write(file, to: url)
        return try Data(contentsOf: url)
    }
}

extension TokenLists {
    /// The token of each row.
    fileprivate var tokens: [Int] {
        var tokens = [Int](repeating: 0, count: rows.count)
        for token in 0..<bounds.count - 1 {
            for place in bounds[token]..<bounds[token + 1] {
                tokens[Int(rows[Int(place)])] = token
            }
        }
        return tokens
    }
}

/// The squares of the projections whose signs differ from those of `token`.
private func cost(ofToken token: Int, table: Int, _ projections: [Float], bits: Int) -> Float {
    (0..<bits).reduce(0) { sum, bit in
        let projection = projections[table * bits + bit]
        return (token >> bit & 1 == 1) == (projection > 0) ? sum : sum + projection * projection
    }
}

/// How many of the `tokens` likeliest tokens of `query` each row has.
private func naiveCounts(_ file: TokenTablesFile, _ query: [Float], tokens: Int) -> [Int] {
    let projections = (0..<file.hyperplanes.rows).map { row in
        let centred = zip(query, file.mean).map(-)
        return innerProduct(centred.span, file.hyperplanes.row(row).span)
    }
    let all = file.tables.indices.flatMap { table in
        (0..<1 << file.bits).map { token in
            (
                table: table, token: token,
                cost: cost(ofToken: token, table: table, projections, bits: file.bits)
            )
        }
    }
    var counts = [Int](repeating: 0, count: file.count)
    for table in file.tables.indices {
        let wanted = Set(
            all.sorted { ($0.cost, $0.table) < ($1.cost, $1.table) }.prefix(tokens)
                .filter { $0.table == table }.map(\.token)
        )
        for (row, token) in file.tables[table].tokens.enumerated() where wanted.contains(token) {
            counts[row] += 1
        }
    }
    return counts
}
