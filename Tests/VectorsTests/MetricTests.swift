import Testing
import Vectors

struct MetricTests {
    @Test(arguments: [0, 1, 2, 3, 7, 8, 15, 16, 17, 127, 256, 1001])
    func `scores are those of plain sums in double precision`(dimension: Int) {
        let vectors = randomMatrix(rows: 2, columns: dimension, seed: UInt64(dimension))
        let (a, b) = (vectors.row(0), vectors.row(1))
        let product = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        let distance = zip(a, b).reduce(0) {
            $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
        }
        // A sum of n terms of size about 1 is off by at most n roundings.
        let tolerance = 1e-6 * Double(dimension + 1)
        for metric in Metric.allCases {
            let expected = metric == .l2 ? -distance : product
            #expect(abs(Double(metric.score(a.span, b.span)) - expected) <= tolerance)
        }
    }

    @Test func `a nearer vector has the larger score, for every metric`() {
        let (query, near, far): ([Float], [Float], [Float]) = ([1, 0], [0.8, 0.6], [0, 1])
        for metric in Metric.allCases {
            let scores = [near, far].map { metric.score(query.span, $0.span) }
            #expect(scores[0] > scores[1])
        }
    }

    @Test func `the names of the metrics are part of files, and stay`() {
        #expect(Metric.allCases.map(\.rawValue) == ["ip", "cosine", "l2"])
        #expect(Metric(rawValue: "dot") == nil)
    }

    @Test func `vectors of two dimensions are a mistake of the programmer`() async {
        for metric in Metric.allCases {
            await #expect(processExitsWith: .failure) { [name = metric.rawValue as String] in
                let (a, b): ([Float], [Float]) = ([1, 2], [1])
                _ = Metric(rawValue: name)?.score(a.span, b.span)
            }
        }
    }
}
