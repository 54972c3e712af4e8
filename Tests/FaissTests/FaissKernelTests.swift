import Faiss
import Kernels
import Testing
import Vectors

/// That Faiss computes by our kernels, not by its own loops.
///
/// What the linker took shows in the last bits of a score: Faiss's own loops add one term after the
/// other.
struct FaissKernelTests {
    private let vectors = randomVectors(rows: 200, columns: 129, seed: 1)

    @Test(arguments: [Metric.innerProduct, .l2])
    func `the scores of flat and ivf indexes have the bits of our kernels`(metric: Metric) throws {
        for plan in [FaissIndexBuilder.Plan.flat, .ivf(lists: 8, seed: 1)] {
            let index = try finishedIndex(plan, vectors, metric)
            for query in 0..<10 {
                let query = vectors.row(query)
                let found = try index.search(query.span, k: 200, probes: 8)
                #expect(found.count == 200)
                for candidate in found {
                    let vector = vectors.row(candidate.row)
                    #expect(candidate.score == kernelScore(query, vector, metric))
                }
            }
        }
    }

    @Test func `those bits are not the bits of sums term by term`() {
        let query = vectors.row(0)
        let isOther = (1..<200).contains { row in
            let vector = vectors.row(row)
            let termByTerm = zip(query, vector).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            return termByTerm != kernelScore(query, vector, .innerProduct)
        }
        #expect(isOther)
    }

    @Test(arguments: [8, 64, 104, 256])
    func `an lsh index answers with the codes nearest to the query's`(bits: Int) throws {
        let index = try finishedIndex(.lsh(bits: bits, seed: 3), vectors, .l2)
        let queries = randomVectors(rows: 10, columns: 129, seed: 2)
        for row in 0..<10 {
            let query = queries.row(row)
            // Of all codes, some; both best first.
            let all = try index.search(query.span, k: 200)
            let some = try index.search(query.span, k: 20)
            #expect(Set(all.map(\.row)) == Set(0..<200))
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.score >= $1.score })
            #expect(some.map(\.score) == all.prefix(20).map(\.score))
            #expect(all.allSatisfy { -$0.score <= Float(bits) })
        }
    }

    private func kernelScore(_ query: [Float], _ vector: [Float], _ metric: Metric) -> Float {
        let kernels = KernelSet.best
        return metric == .l2
            ? -kernels.compare(query.span, with: vector.span, by: .squaredDistance)
            : kernels.compare(query.span, with: vector.span, by: .innerProduct)
    }
}
