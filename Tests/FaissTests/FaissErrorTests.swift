import Faiss
import Foundation
import TestSupport
import Testing
import Vectors

struct FaissErrorTests {
    private let vectors = randomVectors(rows: 10, columns: 4, seed: 1)

    /// The error of `body`, which must fail with one.
    private func error(of body: () throws -> Void) throws -> FaissError {
        try #require(throws: FaissError.self, performing: body)
    }

    @Test(arguments: [-1, 0, 65_537, Int.max])
    func `a dimension that cannot be is refused`(dimension: Int) throws {
        let error = try error {
            _ = try FaissIndexBuilder(.flat, dimension: dimension, metric: .l2)
        }
        #expect(error.code == .argument)
        #expect(error.description.contains("\(dimension)"))
    }

    @Test(
        arguments: [
            FaissIndexBuilder.Plan.ivf(lists: 0, seed: 0), .ivf(lists: -3, seed: 0),
            .ivf(lists: .max, seed: 0), .lsh(bits: 0, seed: 0), .lsh(bits: 12, seed: 0),
            .lsh(bits: .max, seed: 0),
        ]
    )
    func `a plan that cannot be is refused`(plan: FaissIndexBuilder.Plan) throws {
        let error = try error { _ = try FaissIndexBuilder(plan, dimension: 4, metric: .l2) }
        #expect(error.code == .argument)
    }

    @Test
    func `more lists than training vectors are refused`() throws {
        let error = try error { _ = try finishedIndex(.ivf(lists: 11, seed: 0), vectors, .l2) }
        #expect(error.description.contains("at least 11 vectors, not 10"))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func `vectors and queries that are not finite are refused`(value: Float) throws {
        var broken = vectors
        broken[7, 2] = value
        let inAddition = try error { _ = try finishedIndex(.flat, broken, .l2) }
        #expect(inAddition.description == "component 2 of vector 7 is not a finite number")
        let index = try finishedIndex(.flat, vectors, .l2)
        let inQuery = try error { _ = try index.search(broken.row(7).span, k: 1) }
        #expect(inQuery.code == .argument)
    }

    @Test(arguments: [0, -1, Int.min])
    func `a k below 1 is refused`(k: Int) throws {
        let index = try finishedIndex(.flat, vectors, .l2)
        let error = try error { _ = try index.search(vectors.row(0).span, k: k) }
        #expect(error.description.contains("\(k)"))
    }

    @Test(arguments: [0, -1, 4, Int.max])
    func `probes outside the lists are refused`(probes: Int) throws {
        let index = try finishedIndex(.ivf(lists: 3, seed: 1), vectors, .l2)
        let error = try error { _ = try index.search(vectors.row(0).span, k: 1, probes: probes) }
        #expect(error.description == "a search visits 1 to 3 lists of this index, not \(probes)")
    }

    @Test
    func `a query of another dimension is refused`() throws {
        let index = try finishedIndex(.flat, vectors, .l2)
        for dimension in [0, 3, 5] {
            let query = [Float](repeating: 0, count: dimension)
            let error = try error { _ = try index.search(query.span, k: 1) }
            #expect(error.code == .argument)
        }
    }

    @Test
    func `an untrained index takes no vectors and answers nothing`() throws {
        let adding = try error {
            var builder = try FaissIndexBuilder(.ivf(lists: 2, seed: 1), dimension: 4, metric: .l2)
            try builder.add(vectors, threads: 1)
        }
        #expect(adding.description.contains("must be trained"))
        let index = try FaissIndexBuilder(.ivf(lists: 2, seed: 1), dimension: 4, metric: .l2)
            .finish()
        let searching = try error { _ = try index.search(vectors.row(0).span, k: 1) }
        #expect(searching.description.contains("must be trained"))
    }

    @Test
    func `an empty index returns nothing`() throws {
        let index = try FaissIndexBuilder(.flat, dimension: 4, metric: .l2).finish()
        #expect(try index.search(vectors.row(0).span, k: 3) == [])
    }

    @Test
    func `files that are missing, empty, cut or of another kind are errors`() async throws {
        try withTemporaryFolder { folder in
            let good = folder.appendingPathComponent("good")
            var builder = try FaissIndexBuilder(.ivf(lists: 2, seed: 1), dimension: 4, metric: .l2)
            try builder.train(on: vectors, threads: 1)
            try builder.add(vectors, threads: 1)
            try builder.save(to: good.path)
            let bytes = try Data(contentsOf: good)
            let bad = folder.appendingPathComponent("bad")
            #expect(throws: FaissError.self) { try FaissIndex(contentsOf: bad.path) }
            #expect(throws: FaissError.self) { try FaissIndex(contentsOf: folder.path) }
            for length in [0, 3, 4, bytes.count / 2, bytes.count - 1] {
                try bytes.prefix(length).write(to: bad)
                #expect(throws: FaissError.self) { try FaissIndex(contentsOf: bad.path) }
            }
            try Data("IxHs and nothing that Faiss knows".utf8).write(to: bad)
            #expect(throws: FaissError.self) { try FaissIndex(contentsOf: bad.path) }
            #expect(throws: FaissError.self) {
                try builder.save(to: folder.appendingPathComponent("no/such/folder").path)
            }
        }
    }
}
