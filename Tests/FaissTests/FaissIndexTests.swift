import Faiss
import Foundation
import TestSupport
import Testing
import Vectors

struct FaissIndexTests {
    @Test(arguments: [Metric.innerProduct, .cosine, .l2])
    func `a flat index answers like a plain scan`(metric: Metric) throws {
        let vectors = randomVectors(rows: 300, columns: 17, seed: 1)
        let index = try finishedIndex(.flat, vectors, metric)
        for row in 0..<20 {
            let expected = scan(vectors, vectors.row(row), k: 7, metric)
            let found = try index.search(vectors.row(row).span, k: 7)
            #expect(found.map(\.row) == expected.map(\.row))
            for (a, b) in zip(found, expected) {
                #expect(abs(a.score - b.score) <= 1e-4 * max(1, abs(b.score)))
            }
        }
    }

    @Test(arguments: [Metric.innerProduct, .l2])
    func `an ivf index that visits all its lists answers like a plain scan`(metric: Metric) throws {
        let vectors = randomVectors(rows: 500, columns: 8, seed: 2)
        let index = try finishedIndex(.ivf(lists: 16, seed: 3), vectors, metric)
        for row in 0..<20 {
            let expected = scan(vectors, vectors.row(row), k: 10, metric)
            let found = try index.search(vectors.row(row).span, k: 10, probes: 16)
            #expect(found.map(\.row) == expected.map(\.row))
        }
    }

    @Test
    func `the codes of an lsh index are nearest to themselves`() throws {
        let vectors = randomVectors(rows: 200, columns: 16, seed: 4)
        let index = try finishedIndex(.lsh(bits: 256, seed: 5), vectors, .l2)
        for row in 0..<200 {
            let best = try #require(try index.search(vectors.row(row).span, k: 1).first)
            #expect(best == Candidate(row: row, score: 0))
        }
    }

    @Test(
        arguments: [
            FaissIndexBuilder.Plan.flat, .ivf(lists: 4, seed: 1), .lsh(bits: 64, seed: 1),
        ]
    )
    func `a saved index answers as before`(plan: FaissIndexBuilder.Plan) async throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("index.faiss").path
            let vectors = randomVectors(rows: 64, columns: 5, seed: 6)
            var builder = try FaissIndexBuilder(plan, dimension: 5, metric: .l2)
            try builder.train(on: vectors, threads: 2)
            try builder.add(vectors, threads: 2)
            try builder.save(to: path)
            let index = builder.finish()
            let copy = try FaissIndex(contentsOf: path)
            #expect(copy.structure == index.structure)
            #expect(copy.count == 64)
            #expect(copy.dimension == 5)
            for row in 0..<64 {
                let query = vectors.row(row)
                #expect(
                    try copy.search(query.span, k: 9, probes: 2)
                        == index.search(query.span, k: 9, probes: 2)
                )
            }
        }
    }

    @Test
    func `one seed and one thread count give the same bytes`() async throws {
        try withTemporaryFolder { folder in
            let vectors = randomVectors(rows: 400, columns: 6, seed: 7)
            for plan in [FaissIndexBuilder.Plan.ivf(lists: 9, seed: 2), .lsh(bits: 64, seed: 2)] {
                let files = try ["a", "b"].map { name in
                    let file = folder.appendingPathComponent(name)
                    var builder = try FaissIndexBuilder(plan, dimension: 6, metric: .l2)
                    try builder.train(on: vectors, threads: 2)
                    try builder.add(vectors, threads: 2)
                    try builder.save(to: file.path)
                    return try Data(contentsOf: file)
                }
                #expect(files[0] == files[1])
            }
        }
    }

    @Test
    func `concurrent searches give the answers of one thread`() async throws {
        let vectors = randomVectors(rows: 2_000, columns: 12, seed: 8)
        let index = try finishedIndex(.ivf(lists: 32, seed: 1), vectors, .l2)
        let expected = try (0..<50).map { row in
            try index.search(vectors.row(row).span, k: 10, probes: row % 32 + 1)
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try (0..<50).allSatisfy { row in
                        let query = vectors.row(row)
                        return try index.search(query.span, k: 10, probes: row % 32 + 1)
                            == expected[row]
                    }
                }
            }
            for try await isEqual in group {
                #expect(isEqual)
            }
        }
    }

    @Test
    func `a k above the count returns every vector once, and no other row`() throws {
        let vectors = randomVectors(rows: 5, columns: 3, seed: 9)
        for plan in [FaissIndexBuilder.Plan.flat, .ivf(lists: 2, seed: 1), .lsh(bits: 8, seed: 1)] {
            let index = try finishedIndex(plan, vectors, .l2)
            let found = try index.search(vectors.row(0).span, k: .max, probes: 2)
            #expect(found.map(\.row).sorted() == [0, 1, 2, 3, 4])
        }
    }
}
