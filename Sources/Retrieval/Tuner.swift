import Indexes
import Vectors

/// Finds the least effort that reaches a recall, by measuring.
///
/// What is least follows from how much memory a search reads, not from a clock: so one seed gives
/// one setting, on a quiet machine or not.
struct Tuner {
    let meter: RecallMeter
    let searcher: Searcher
    let bytes: Int
    let targetRecall: Double
    /// From here on more effort is not worth a measurement, unless the target lies higher.
    let highestRecall: Double

    /// Where the next step of effort finds so little more, the steps after it find nothing.
    static let hardlyMore = 0.0005

    /// The least setting, of effort `least` or more, that reaches the target, or else the greatest;
    /// and what more and more effort reaches.
    ///
    /// A search for more candidates never makes less effort: few lists may hold all that is asked
    /// for, and seem to be enough.
    func run(
        atLeast least: Int
    ) throws(RetrievalError) -> (setting: SearchSetting, curve: [RecallMeasurement]) {
        var all: [RecallMeasurement] = []
        switch searcher.index {
        case .flat:
            all = [try measure(.exhaustive)]
        case .lsh(let tables):
            all = try measure(tables, atLeast: least)
        case .hnsw:
            all = try measureWalks(atLeast: least)
        case .lshscan:
            let count = searcher.vectors.count
            // The codes cost most of the time, whatever the depth; so there is no use in less.
            let first = max(1, min(least, count), min(4 * meter.k, count))
            for depth in efforts(first...count) {
                all.append(try measure(.rerank(depth)))
                if isEnough(all[all.count - 1]) { break }
            }
        case .ivf(let lists):
            all = try measure(lists, atLeast: min(least, lists.listCount))
        }
        var curve = frontier(of: all)
        if let reached = curve.first(where: { $0.recall >= targetRecall }) {
            curve = frontier(of: all + (try narrow(reached, atLeast: least)))
        }
        let chosen = curve.first { $0.recall >= targetRecall } ?? curve[curve.count - 1]
        return (chosen.setting, curve)
    }

    func measure(_ setting: SearchSetting) throws(RetrievalError) -> RecallMeasurement {
        try meter.measure(searcher, setting, bytes: bytes, clock: ContinuousClock())
    }

    func isEnough(_ measurement: RecallMeasurement) -> Bool {
        measurement.recall >= max(highestRecall, targetRecall)
    }
}

// MARK: - What is least

extension Tuner {
    /// Settings of fewer lists, or tokens, than the first that reached the target.
    ///
    /// Half as many are too few, or a step below would have reached it.
    private func narrow(
        _ reached: RecallMeasurement,
        atLeast least: Int
    ) throws(RetrievalError) -> [RecallMeasurement] {
        switch reached.setting {
        case .exhaustive, .rerank: return []
        case .tokens(_, rerank: let all), .breadth(let all):
            guard all < searcher.vectors.count else { return [] }
        case .probes: break
        }
        var enough = reached.setting.effort
        var (tooFew, all): (Int, [RecallMeasurement]) = (max(enough / 2, least - 1), [])
        while enough - tooFew > max(1, enough / 32) {
            let middle = (enough + tooFew) / 2
            let measurement = try measure(reached.setting.withEffort(middle))
            all.append(measurement)
            if measurement.recall >= targetRecall {
                enough = middle
            } else {
                tooFew = middle
            }
        }
        return all
    }

    /// Those of `all` that nothing else beats, by recall and by cost; from the least to the
    /// greatest.
    private func frontier(of all: [RecallMeasurement]) -> [RecallMeasurement] {
        let ordered = all.sorted { (cost($0.setting), -$0.recall) < (cost($1.setting), -$1.recall) }
        var frontier: [RecallMeasurement] = []
        for measurement in ordered where measurement.recall > frontier.last?.recall ?? -1 {
            frontier.append(measurement)
        }
        return frontier
    }

    /// The bytes that a search reads, about; a vector that lies alone costs as much more as what
    /// could be read one after the other while it is waited for.
    func cost(_ setting: SearchSetting) -> Double {
        let vectors = searcher.vectors
        let vector = Double(vectors.dimension * vectors.precision.size + 1_200)
        switch (setting, searcher.index) {
        case (.probes(let probes, let rerank), .ivf(let lists)):
            let share = Double(probes) / Double(lists.listCount)
            return share * Double(lists.byteCount) + Double(rerank) * vector
        case (.tokens(let tokens, let rerank), .lsh(let tables)):
            guard tokens < tables.tokenCount, rerank < vectors.count else {
                return costOfAll
            }
            return Double(tokens) * tables.rowsOfToken * Self.countedRow + Double(rerank) * vector
        case (.breadth(let breadth), .hnsw(let links)):
            // Half of a row's links lead to where the walk has been.
            return breadth < vectors.count
                ? Double(breadth * links.degree) * vector : costOfAll
        case (.rerank(let rerank), _):
            return Double(rerank) * vector
        default:
            return 1
        }
    }

    /// The bytes that a search reads that compares all vectors.
    var costOfAll: Double {
        let vectors = searcher.vectors
        return Double(vectors.count * vectors.dimension * vectors.precision.size)
    }

    /// The efforts 1, 2, 3, 4, 6, 8, 12, 16 and so on within `range`, and its bounds.
    func efforts(_ range: ClosedRange<Int>) -> [Int] {
        var efforts: [Int] = []
        var power = 1
        while power <= range.upperBound {
            efforts += [power, power + power / 2]
            power *= 2
        }
        let inside = Set(efforts + [range.lowerBound, range.upperBound]).filter(range.contains)
        return inside.sorted()
    }
}
