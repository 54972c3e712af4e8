import EmbeddingStore
import Files
import Foundation
import Indexes
import NIOCore
import Retrieval
import TestSupport
import Testing
import Vectors
import Wire

@testable import RetrievalServer

struct LiveRecallTests {
    /// A catalogue that a search with one probe finds only a part of.
    private struct Catalogue {
        static let count = 800
        let ids = (0..<count).map { "item-\(10_000 + $0)" }
        let vectors: Matrix

        init() {
            var generator = SeededGenerator(seed: 5)
            let elements = (0..<Self.count * 8).map { _ in generator.normal() }
            vectors = Matrix(rows: Self.count, columns: 8, elements: elements)
        }

        /// Builds a generation, and serves it.
        func serve(in workspace: URL) throws -> ServedGeneration {
            let folder = GenerationFolder(workspace: workspace)
            let store = try EmbeddingStore(
                at: workspace.appendingPathComponent("store"),
                access: .readWrite
            )
            var builder = GenerationBuilder(kind: .ivf, seed: 1, threads: 2)
            builder.queries = 40
            builder.targetRecall = 0.8
            builder.depths = [10]
            let manifest = try builder.build(
                ids: ids,
                vectors: vectors,
                metric: .cosine,
                embeddingVersion: 1,
                storeIdentity: store.identity,
                into: folder,
                progress: { _ in }
            )
            let generation = try folder.open(manifest.generation, checking: false)
            return try ServedGeneration(generation, workspace: workspace)
        }
    }

    private func withCircle(_ body: (ServedGeneration) throws -> Void) throws {
        try withTemporaryFolder { folder in try body(try circle(in: folder)) }
    }

    private func circle(in folder: URL) throws -> ServedGeneration {
        let circle = try Circle(in: folder)
        let generation = try circle.folder.open(circle.publish(), checking: true)
        return try ServedGeneration(generation, workspace: folder)
    }

    private func related(
        _ ids: [String],
        of served: ServedGeneration,
        recall: LiveRecall?,
        timeout: Duration? = nil,
        configure: (inout RelatedRequest) -> Void = { _ in }
    ) throws {
        var request = RelatedRequest()
        request.itemIds = ids
        request.k = 10
        configure(&request)
        let job = try SearchJob(request, from: served, recall: recall)
        let call = Call(streamID: 1, method: .related, payload: [], timeout: timeout)
        _ = try job.answer(to: PendingCall(call, of: .anybody, receivedAt: .now()))
        recall?.compareAll()
    }

    @Test(arguments: [Float(1), 0.2])
    func `what is seen of real searches agrees with what is measured of all`(share: Float) throws {
        try withTemporaryFolder { folder in
            let catalogue = Catalogue()
            let served = try catalogue.serve(in: folder)
            let measured = try measureRecall(
                of: served.generation,
                k: 10,
                queries: .max,
                seed: 1,
                threads: 2
            )[0]
            try #require(measured.recall < 0.98)
            let recall = LiveRecall(share: Double(share), key: 3)
            for id in catalogue.ids {
                try related([id], of: served, recall: recall)
            }
            let live = try #require(recall.estimates.first)
            let expected = Double(share) * Double(Catalogue.count)
            #expect(abs(Double(live.queries) - expected) <= 4 * expected.squareRoot())
            #expect(live.generation == served.generation.number && recall.droppedCount == 0)
            let margin = try #require(measured.margin)
            #expect(abs(live.recall - measured.recall) <= live.margin + 1e-9)
            if share == 1 {
                // The very same searches.
                #expect(abs(live.recall - measured.recall) < 1e-6)
                #expect(abs(live.margin - margin) < 1e-6)
            }
        }
    }

    @Test func `vectors and batches are compared as well`() throws {
        try withCircle { served in
            let recall = LiveRecall(share: 1, key: 3)
            var request = SearchRequest()
            request.dim = 2
            request.k = 10
            request.queriesF32Le = Data(floats: [0.1, 0.2, -3, 1, 0, 0])
            request.effort = .max
            let job = try SearchJob(request, from: served, recall: recall)
            _ = try job.answer(to: pending(receivedAt: .now()))
            recall.compareAll()
            let live = try #require(recall.estimates.first)
            #expect(live.queries == 3 && live.recall == 1)
            // Three queries that found everything prove little.
            #expect(live.margin == 1)
        }
    }

    @Test func `searches with a filter, and those cut short, are left out`() throws {
        try withCircle { served in
            let recall = LiveRecall(share: 1, key: 3)
            let ids = (0..<60).map(Circle.id)
            try related([ids[0]], of: served, recall: recall) { request in
                request.filter.deny.itemIds = [ids[1]]
            }
            try related([ids[0]], of: served, recall: recall) { request in
                request.filter.minScore = -0.1
            }
            try related(Array(ids.prefix(50)), of: served, recall: recall, timeout: .zero)
            #expect(recall.estimates.isEmpty && recall.droppedCount == 0)
            try related([ids[0]], of: served, recall: recall)
            #expect(recall.estimates.map(\.queries) == [1])
        }
    }

    @Test func `the share may change, and may be nothing`() throws {
        try withCircle { served in
            let recall = LiveRecall(share: 0, key: 3)
            try related([Circle.id(0)], of: served, recall: recall)
            #expect(recall.draw(1) == nil && recall.estimates.isEmpty)
            recall.share = 1
            try related([Circle.id(0)], of: served, recall: recall)
            #expect(recall.estimates.map(\.queries) == [1])
            recall.share = 0
            try related([Circle.id(0)], of: served, recall: recall)
            #expect(recall.estimates.map(\.queries) == [1])
        }
    }

    @Test func `a sample does not keep its generation alive`() throws {
        try withTemporaryFolder { folder in
            let recall = LiveRecall(share: 1, key: 3)
            weak var witness: ServedGeneration?
            func offer() throws {
                let served = try circle(in: folder)
                witness = served
                let query = served.generation.vector(ofRow: 0)
                recall.offer(query, own: 0, k: 10, found: [], from: served)
            }
            try offer()
            #expect(witness == nil)
            var scratch = SearchScratch()
            #expect(recall.compareNext(&scratch))
            #expect(!recall.compareNext(&scratch))
            #expect(recall.estimates.isEmpty && recall.droppedCount == 1)
        }
    }

    @Test func `a generation that was replaced is compared no more, nor borrowed`() throws {
        try withCircle { served in
            let recall = LiveRecall(share: 1, key: 3)
            try related([Circle.id(0)], of: served, recall: recall)
            #expect(recall.estimates.map(\.queries) == [1] && !served.tenure.isBorrowed)
            let query = served.generation.vector(ofRow: 0)
            recall.offer(query, own: 0, k: 10, found: [], from: served)
            served.tenure.end()
            recall.compareAll()
            #expect(recall.estimates.map(\.queries) == [1] && recall.droppedCount == 1)
            #expect(!served.tenure.isBorrowed)
        }
    }

    @Test func `who borrowed a generation before its end is waited for`() {
        let tenure = Tenure()
        #expect(tenure.borrow() && !tenure.isOver)
        tenure.end()
        #expect(tenure.isOver && tenure.isBorrowed)
        #expect(!tenure.borrow() && tenure.isBorrowed)
        tenure.giveBack()
        #expect(!tenure.isBorrowed)
    }

    @Test func `a comparison ends early where nobody needs it any longer`() throws {
        try withCircle { served in
            let generation = served.generation
            let query = generation.vector(ofRow: 0)
            var looks = 0
            var scratch = SearchScratch()
            let overlap = try generation.overlap(
                of: [],
                withBest: 10,
                for: query.span,
                excluding: nil,
                scratch: &scratch,
                isOver: {
                    looks += 1
                    return true
                }
            )
            #expect(overlap == nil && looks == 1)
        }
    }

    @Test func `samples beyond the queue are dropped, and counted`() throws {
        try withCircle { served in
            let recall = LiveRecall(share: 1, key: 3)
            let query = served.generation.vector(ofRow: 0)
            for _ in 0..<70 {
                recall.offer(query, own: 0, k: 10, found: [], from: served)
            }
            #expect(recall.droppedCount == 6)
            recall.compareAll()
            let live = try #require(recall.estimates.first)
            #expect(live.queries == 64 && live.recall == 0)
            recall.offer(query, own: 0, k: 10, found: [], from: served)
            var scratch = SearchScratch()
            #expect(recall.compareNext(&scratch))
        }
    }

    @Test func `of equal scores any will do`() throws {
        try withCircle { served in
            let generation = served.generation
            // The neighbours on both sides are equally near; only one of them is the nearest.
            let query = generation.vector(ofRow: 7)
            let exact = try generation.exact(query.span, k: 3, excluding: 7)
            let least = try #require(exact.first { $0.score <= exact[0].score })
            let other = Candidate(row: least.row == 8 ? 6 : 8, score: exact[0].score)
            var scratch = SearchScratch()
            let overlap = try generation.overlap(
                of: [other],
                withBest: 1,
                for: query.span,
                excluding: 7,
                scratch: &scratch,
                isOver: { false }
            )
            #expect(overlap?.shared == 1 && overlap?.possible == 1)
        }
    }

    @Test(arguments: [(1, 1.0), (10, 0.3), (300, 0.01)])
    func `searches that all found everything leave the margin of the rule of three`(
        queries: Int,
        margin: Double
    ) {
        let sums = RecallSums(generation: 4)
        #expect(sums.estimate == nil)
        for _ in 0..<queries {
            sums.add(1)
        }
        #expect(sums.estimate?.recall == 1)
        #expect(abs((sums.estimate?.margin ?? 0) - margin) < 1e-9)
    }
}

extension LiveRecall {
    /// Compares all samples that wait.
    func compareAll() {
        var scratch = SearchScratch()
        while compareNext(&scratch) {}
    }
}
