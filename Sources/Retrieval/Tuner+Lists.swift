import Indexes
import Vectors

extension Tuner {
    /// More and more lists, each with more and more reranking.
    func measure(
        _ lists: InvertedLists,
        atLeast least: Int
    ) throws(RetrievalError) -> [RecallMeasurement] {
        var all: [RecallMeasurement] = []
        var best = -1.0
        for probes in efforts(least...lists.listCount) {
            let before = best
            for rerank in depths {
                let last = all.last
                let measurement = try measure(.probes(probes, rerank: rerank))
                all.append(measurement)
                best = max(best, measurement.recall)
                if isEnough(measurement) { return all }
                if rerank > depths[0], measurement.recall < (last?.recall ?? 0) + Self.hardlyMore {
                    break
                }
            }
            if best >= targetRecall, best < before + Self.hardlyMore { return all }
        }
        if best < targetRecall {
            // All lists were visited: only the codes can hide a candidate.
            all.append(try measure(.probes(lists.listCount, rerank: searcher.vectors.count)))
        }
        return all
    }

    /// How many codes may be worth reranking.
    ///
    /// The more candidates are wanted, the fewer codes lie between their best and their worst for
    /// each.
    private var depths: [Int] {
        let step = 40 * (Double(meter.k) / 10).squareRoot()
        let all = [1.0, 2, 4, 8, 16, 32].map { meter.k + Int(step * $0) }
        return Set(all.map { max(1, min($0, searcher.vectors.count)) }).sorted()
    }
}
