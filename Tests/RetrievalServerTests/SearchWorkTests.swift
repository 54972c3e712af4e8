import Foundation
import Indexes
import Retrieval
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

struct SearchWorkTests {
    private let million = SearchWork(count: 1_000_000, dimension: 128, lists: 4000, bits: 256)

    @Test func `a scan of everything is long, and a look into some lists is short`() {
        let scan = million.ofQuery(k: 10, setting: .exhaustive)
        #expect(scan > 128_000_000 && scan < 129_000_000)
        let all = million.ofQuery(k: 10, setting: .probes(4000, rerank: 1_000_000))
        #expect(million.ofQuery(k: 10, setting: .probes(8, rerank: 100)) < Limits.workOnEventLoop)
        #expect(all >= scan)
        #expect(
            million.ofQuery(k: 10, setting: .probes(Int(UInt32.max), rerank: Int(UInt32.max)))
                == all
        )
    }

    @Test func `codes cost a 32nd for each bit, and what is reranked costs all its floats`() {
        let shallow = million.ofQuery(k: 10, setting: .rerank(10))
        let deep = million.ofQuery(k: 10, setting: .rerank(1010))
        #expect(shallow > 8_000_000 && shallow < 8_100_000)
        #expect(deep - shallow == 1000 * 128)
        #expect(million.ofQuery(k: 10, setting: .rerank(Int(UInt32.max))) < 137_000_000)
    }

    @Test func `tokens cost their lists, until all vectors are compared`() {
        let work = SearchWork(count: 1_000_000, dimension: 128, tables: 32, tokenBits: 13)
        let few = work.ofQuery(k: 10, setting: .tokens(32, rerank: 100))
        let many = work.ofQuery(k: 10, setting: .tokens(320, rerank: 100))
        #expect(few < Limits.workOnEventLoop)
        #expect(many - few == 288 * ((1_000_000 >> 13) * 32 + 64))
        let all = work.ofQuery(k: 10, setting: .exhaustive)
        for setting in [SearchSetting.tokens(32 << 13, rerank: 1), .tokens(1, rerank: 1_000_000)] {
            #expect(work.ofQuery(k: 10, setting: setting) == all)
        }
    }

    @Test func `candidates are work, and those that do not exist are none`() {
        let small = SearchWork(count: 1000, dimension: 128, lists: 10)
        let works = [10, 100, 1000, 10_000].map {
            small.ofQuery(k: $0, setting: .probes(1, rerank: 1))
        }
        #expect(works[0] < works[1] && works[1] < works[2] && works[2] == works[3])
    }

    @Test func `the fewer a filter leaves, the more lists are visited for as many candidates`() {
        let works = [nil, 500_000, 10_000, 100].map {
            million.ofQuery(k: 100, setting: .probes(8, rerank: 100), allowed: $0)
        }
        #expect(works[0] == works[1] && works[1] < works[2] && works[2] < works[3])
    }

    @Test func `ids of a filter are work`() {
        #expect(million.ofFilter(ids: 10) < Limits.workOnEventLoop)
        #expect(million.ofFilter(ids: 1000) > Limits.workOnEventLoop)
    }

    @Test(arguments: [(1, 10, true), (100, 10, true), (4096, 1, false), (1000, 60, false)])
    func `many queries are long, however small the index`(
        queries: Int,
        k: Int,
        isShort: Bool
    ) throws {
        try withTemporaryFolder { folder in
            let circle = try Circle(in: folder)
            try circle.publish()
            let generation = try circle.folder.open(1, checking: true)
            var request = RelatedRequest()
            request.itemIds = [String](repeating: "item-000", count: queries)
            request.k = UInt32(k)
            let served = try ServedGeneration(generation, workspace: folder)
            #expect(try SearchJob(request, from: served).isShort == isShort)
        }
    }
}
