import Files
import Foundation
import Glibc
import Graph
import PinSage
import Sampling
import TestSupport
import Testing
import Vectors

@testable import Training

struct EmbeddingPassTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var layers = 2
        var pooling = Pooling.importance
        var residual = true
        var normalise = true
        var dense = 0

        var testDescription: String {
            "\(layers) layers, \(pooling), residual \(residual), normalise \(normalise), "
                + "\(dense) dense"
        }

        static let all = [
            Shape(), Shape(layers: 1), Shape(layers: 3, residual: false),
            Shape(pooling: .mean, normalise: false), Shape(pooling: .max),
            Shape(pooling: .max, residual: false), Shape(dense: 3),
        ]
    }

    /// A model of that shape, and inputs for it; every third item has no identity.
    private func model(_ shape: Shape, _ communities: Communities) -> (Model, ItemInputs) {
        var settings = communities.settings.model
        settings.layers = shape.layers
        settings.pooling = shape.pooling
        settings.residual = shape.residual
        settings.normalise = shape.normalise
        settings.dense = shape.dense
        var inputs = communities.inputs
        for item in stride(from: 0, to: Communities.itemCount, by: 3) {
            inputs.identities[item] = nil
        }
        if shape.dense > 0 {
            var dense = Matrix(rows: Communities.itemCount, columns: shape.dense)
            var generator = SeededGenerator(seed: 3)
            for index in dense.elements.indices {
                dense.elements[index] = generator.normal()
            }
            inputs.dense = dense
        }
        var model = Model(settings, itemCount: Communities.itemCount, seed: 8)
        // Beside a residual path the head begins at zero, which would hide the layers.
        var generator = SeededGenerator(seed: 4)
        model.updateParameters { parameter in
            for index in parameter.value.elements.indices {
                parameter.value.elements[index] += 0.3 * generator.normal()
            }
        }
        return (model, inputs)
    }

    @Test(arguments: Shape.all, [1, 4, 7, 25, 100])
    func `chunks have the embeddings of whole matrices`(shape: Shape, chunk: Int) throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            let (model, inputs) = model(shape, communities)
            let expected = communities.embeddings(model, of: inputs, threads: 1)
            #expect(expected.firstRowNotFinite == nil)
            for threads in 1...3 {
                let found = try model.embedAll(
                    ItemSource(inputs, .kept(communities.neighbourhoods), threads: 2),
                    scratch: folder,
                    chunk: chunk,
                    threads: threads
                )
                // The last bits of a product of few rows depend on how many there are.
                #expect(difference(found.matrix, expected) < 1e-5)
            }
        }
    }

    private func difference(_ a: Matrix, _ b: Matrix) -> Float {
        guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
        return zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// As large, and as wide, as the products of real catalogues: their kernels work on tiles of
    /// rows, which whole chunks do not cut.
    @Test(arguments: [512, 1024, 3000])
    func `chunks of whole tiles have the same bytes`(chunk: Int) throws {
        try withTemporaryFolder { folder in
            var generator = SeededGenerator(seed: 5)
            let count = 3000
            let edges = (0..<6 * count).map { _ in
                Edge(
                    context: UInt32(generator.index(below: count)),
                    item: UInt32(generator.index(below: count))
                )
            }
            let graph = try Graph.build(
                edges,
                contextCount: count,
                itemCount: count,
                at: folder.appendingPathComponent("graph.csr")
            )
            var settings = ModelSettings()
            (settings.dimension, settings.hidden, settings.buckets) = (72, 100, 64)
            let model = Model(settings, itemCount: count, seed: 6)
            let inputs = ItemInputs(
                content: SparseRows(
                    offsets: Array(0...count),
                    columns: (0..<count).map { UInt32($0 % 64) },
                    values: [Float](repeating: 1, count: count)
                ),
                logDegrees: (0..<count).map { Float(graph.items.degree(of: $0)) },
                identities: (0..<count).map { UInt32($0) }
            )
            let neighbourhoods = Neighbourhoods(
                of: graph,
                settings: WalkSettings(),
                seed: 1,
                threads: 2
            )
            func embed(chunk: Int, threads: Int) throws -> Matrix {
                try model.embedAll(
                    ItemSource(inputs, .kept(neighbourhoods), threads: 2),
                    scratch: folder,
                    chunk: chunk,
                    threads: threads
                ).matrix
            }
            let whole = try embed(chunk: count, threads: 1)
            #expect(try embed(chunk: chunk, threads: 1) == whole)
            #expect(difference(try embed(chunk: chunk, threads: 2), whole) < 1e-5)
        }
    }

    @Test func `mapped neighbourhoods are those of all items, whatever the chunk`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            let expected = communities.neighbourhoods
            for chunk in [1, 6, 25, 99] {
                var news: [Int] = []
                let found = try MappedNeighbourhoods(
                    of: communities.graph,
                    settings: communities.settings.walk,
                    seed: communities.settings.seed,
                    chunk: chunk,
                    scratch: folder,
                    threads: 2,
                    progress: { news.append($0) }
                ).rows(0..<Communities.itemCount)
                #expect(found.offsets == expected.offsets)
                #expect(found.columns == expected.neighbours)
                #expect(found.values == expected.importances)
                #expect(news.last == Communities.itemCount)
            }
        }
    }

    @Test func `a pass tells how far each of its stages is`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            let checkpoint = try communities.run().checkpoint
            var stages: [EmbeddingProgress.Stage] = []
            _ = try checkpoint.embed(
                communities.catalogue.reader,
                scratch: folder,
                chunk: 20,
                threads: 1
            ) { progress in
                if progress.done == progress.count {
                    stages.append(progress.stage)
                }
            }
            #expect(stages == [.walks, .input, .layer(1, of: 2), .layer(2, of: 2)])
        }
    }

    @Test func `other dense vectors than in training are refused`() throws {
        try withTemporaryFolder { folder in
            let communities = try Communities(in: folder)
            let checkpoint = try communities.run().checkpoint
            let reader = CatalogueReader(graph: communities.graph, dense: 4) { _ in
                ItemPart(ids: [], contents: [], dense: nil)
            }
            let error = #expect(throws: TrainingError.self) {
                _ = try checkpoint.embed(reader, scratch: folder, threads: 1)
            }
            #expect(error?.description.contains("the import has 4; train again") == true)
        }
    }

    // Room for the neighbourhoods, but not for a matrix of 25 x 10; and for neither.
    @Test(arguments: [900, 100])
    func `a disk without room is an error, and leaves nothing`(room: Int) async throws {
        await #expect(processExitsWith: .success) { [room] in
            try withTemporaryFolder { folder in
                let checkpoint = try Communities(in: folder).run().checkpoint
                let communities = try Communities(in: folder)
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                // A file may not grow beyond the limit: the write fails, as on a full disk.
                signal(SIGXFSZ, SIG_IGN)
                var limit = rlimit(rlim_cur: rlim_t(room), rlim_max: rlim_t(room))
                _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                do {
                    _ = try checkpoint.embed(
                        communities.catalogue.reader,
                        scratch: folder,
                        threads: 1
                    )
                    exit(1)
                } catch let error as FileError {
                    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
                    let text = error.description
                    exit(left == names && text.contains("cannot write a scratch file in") ? 0 : 2)
                }
            }
        }
    }
}
