import Files
import Foundation
import TestSupport
import Testing
import Vectors

@testable import Indexes

struct InvertedListsTests {
    private static let forms = [CodeForm.bytes] + [1, 2, 4].map { CodeForm.parts(width: $0) }

    private func rows(_ count: Int, dimension: Int) -> Matrix {
        var generator = SeededGenerator(seed: 1)
        var matrix = Matrix(rows: count, columns: dimension)
        for row in 0..<count {
            for column in 0..<dimension {
                matrix[row, column] = Float(row % 7) + generator.normal()
            }
        }
        return matrix
    }

    /// The bytes of the file of lists over `vectors`.
    private func bytes(
        of vectors: Matrix,
        _ form: CodeForm,
        metric: Metric,
        lists: Int = 9,
        threads: Int = 2,
        in folder: URL
    ) throws -> Data {
        let builder = InvertedListsBuilder(listCount: lists, seed: 3, threads: threads)
        let clusters = try builder.cluster(vectors) { _ in }
        let file = try builder.encode(vectors, clusters, as: form, metric: metric) { _ in }
        let url = folder.appendingPathComponent("lists")
        var writer = try FileWriter(at: url)
        try file.write(to: &writer)
        _ = try writer.finish()
        return try Data(contentsOf: url)
    }

    private func found(
        _ lists: InvertedLists,
        _ query: [Float],
        _ search: ProbedSearch
    ) -> Set<Int> {
        var scratch = SearchScratch()
        let isComplete = lists.search(query.span, search, scratch: &scratch)
        #expect(isComplete)
        #expect(Set(scratch.rows).count == scratch.rows.count)
        return Set(scratch.rows.map(Int.init))
    }

    @Test(arguments: forms, [Metric.innerProduct, .l2])
    func `one seed gives one file, by any number of threads`(
        form: CodeForm,
        metric: Metric
    ) async throws {
        try withTemporaryFolder { folder in
            let vectors = rows(300, dimension: 13)
            let one = try bytes(of: vectors, form, metric: metric, threads: 1, in: folder)
            let two = try bytes(of: vectors, form, metric: metric, threads: 2, in: folder)
            #expect(one == two)
        }
    }

    @Test(arguments: forms, [1, 3, 8, 17, 130])
    func `a search of all lists finds all rows, and the nearest among a few codes`(
        form: CodeForm,
        dimension: Int
    ) async throws {
        try withTemporaryFolder { folder in
            let metric: Metric = dimension % 2 == 0 ? .innerProduct : .l2
            let vectors = rows(400, dimension: dimension)
            _ = try bytes(of: vectors, form, metric: metric, in: folder)
            let lists = try InvertedLists(contentsOf: folder.appendingPathComponent("lists"))
            let all = ProbedSearch(probes: 9, depth: 400, wanted: 400, filter: RowFilter())
            let few = ProbedSearch(probes: 9, depth: 80, wanted: 1, filter: RowFilter())
            var nearest = 0
            for row in stride(from: 0, to: 400, by: 20) {
                let query = vectors.row(row)
                #expect(found(lists, query, all) == Set(0..<400))
                let best = (0..<400).max {
                    metric.score(query.span, vectors.row($0).span)
                        < metric.score(query.span, vectors.row($1).span)
                }
                let some = found(lists, query, few)
                #expect(some.count >= 80 && some.count <= 90)
                nearest += some.contains(best ?? -1) ? 1 : 0
            }
            // In one dimension a code of four dimensions in four bits is coarse.
            #expect(nearest >= 16)
        }
    }

    @Test
    func `only what a filter allows is found, and more lists are visited for it`() async throws {
        try withTemporaryFolder { folder in
            let vectors = rows(500, dimension: 8)
            _ = try bytes(of: vectors, .parts(width: 2), metric: .l2, lists: 20, in: folder)
            let lists = try InvertedLists(contentsOf: folder.appendingPathComponent("lists"))
            var allowed = RowSet(capacity: 500)
            for row in stride(from: 0, to: 500, by: 10) {
                allowed.insert(row)
            }
            let filter = RowFilter(allowed: allowed, denied: nil)
            let search = ProbedSearch(probes: 1, depth: 50, wanted: 50, filter: filter)
            #expect(found(lists, vectors.row(7), search) == Set((0..<50).map { $0 * 10 }))
        }
    }

    @Test
    func `a search whose time is over says so`() async throws {
        try withTemporaryFolder { folder in
            let vectors = rows(5_000, dimension: 4)
            _ = try bytes(of: vectors, .parts(width: 2), metric: .l2, lists: 2, in: folder)
            let lists = try InvertedLists(contentsOf: folder.appendingPathComponent("lists"))
            var scratch = SearchScratch()
            let search = ProbedSearch(probes: 2, depth: 10, wanted: 10, filter: RowFilter())
            let query = vectors.row(0)
            #expect(!lists.search(query.span, search, scratch: &scratch, isOver: { true }))
            #expect(!scratch.rows.isEmpty)  // of the slice before it looked
        }
    }

    @Test
    func `a file that is cut, or whose numbers do not fit, is refused`() async throws {
        try withTemporaryFolder { folder in
            let vectors = rows(200, dimension: 10)
            let good = try bytes(of: vectors, .parts(width: 2), metric: .l2, in: folder)
            let url = folder.appendingPathComponent("damaged")
            func isRefused(_ data: Data) throws -> Bool {
                try data.write(to: url)
                return (try? InvertedLists(contentsOf: url)) == nil
            }
            #expect(try !isRefused(good))
            for size in stride(from: 0, to: good.count, by: 61) {
                #expect(try isRefused(good.prefix(size)))
            }
            // Magic, format, count, lists, blocks, metric.
            for byte in [0, 8, 16, 32, 40, 48] {
                var damaged = good
                damaged[byte] ^= 0x41
                #expect(try isRefused(damaged), "byte \(byte)")
            }
            // Whatever a damaged file says, to open and to search it does not step outside.
            var generator = SeededGenerator(seed: 5)
            for _ in 0..<300 {
                var damaged = good
                damaged[generator.index(below: damaged.count)] ^= UInt8(
                    1 << generator.index(below: 8)
                )
                try damaged.write(to: url)
                guard let lists = try? InvertedLists(contentsOf: url), lists.dimension == 10 else {
                    continue
                }
                var scratch = SearchScratch()
                let search = ProbedSearch(probes: 3, depth: 20, wanted: 10, filter: RowFilter())
                _ = lists.search(vectors.row(0).span, search, scratch: &scratch)
                #expect(scratch.rows.allSatisfy { $0 < 200 })
            }
        }
    }
}
