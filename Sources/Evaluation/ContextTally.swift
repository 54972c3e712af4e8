import RealModule

/// The answers to contexts, summed up as they come.
///
/// ```swift
/// var tally = ContextTally(candidateCount: 4)
/// tally.count(answer: [2, 0], heldOut: [0, 1])
/// tally.report.recall[20]  // 0.5
/// ```
package struct ContextTally: Sendable {
    /// By rank - 1: what a hit there is worth.
    private static let gains = (1...ContextReport.depth).map { 1 / Double.log2(Double(1 + $0)) }

    private let candidateCount: Int
    private var contexts = 0
    private var recalls = [Double](repeating: 0, count: ContextReport.recallDepths.count)
    private var gain = 0.0
    private var shown: Set<Int> = []

    /// A tally of contexts for which `candidateCount` items are ranked.
    package init(candidateCount: Int) {
        self.candidateCount = candidateCount
    }

    /// Adds a context: `answer` holds the rows of its best items, best first, without those that
    /// are known.
    ///
    /// `missing` is the number of its held-out items that no answer can hold. A context without
    /// held-out items is left out.
    package mutating func count(answer: [Int], heldOut: [Int], missing: Int = 0) {
        let answers = ContextReport.recallDepths.map { _ in answer }
        count(answers: answers, heldOut: heldOut, missing: missing)
    }

    /// Adds a context that was asked for once at each depth of the recall.
    package mutating func count(answers: [[Int]], heldOut: [Int], missing: Int = 0) {
        let wanted = Set(heldOut)
        let count = wanted.count + missing
        guard count > 0 else { return }
        for (index, depth) in ContextReport.recallDepths.enumerated() {
            let hits = answers[index].prefix(depth).count { wanted.contains($0) }
            recalls[index] += Double(hits) / Double(count)
        }
        let best = answers[0].prefix(ContextReport.depth)
        let ideal = Self.gains.prefix(count).reduce(0, +)
        gain += zip(best, Self.gains).reduce(0) { $0 + (wanted.contains($1.0) ? $1.1 : 0) } / ideal
        shown.formUnion(best)
        contexts += 1
    }

    /// What has been counted so far.
    package var report: ContextReport {
        let total = Double(max(1, contexts))
        return ContextReport(
            contexts: contexts,
            recall: Dictionary(
                uniqueKeysWithValues: zip(ContextReport.recallDepths, recalls.map { $0 / total })
            ),
            ndcg: [ContextReport.depth: gain / total],
            coverage: Double(shown.count) / Double(max(1, candidateCount))
        )
    }
}
