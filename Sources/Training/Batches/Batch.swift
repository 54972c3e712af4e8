import PinSage
import Sampling
import Vectors

/// All that one step computes with: nothing in it points back into the graph or the catalogue.
struct Batch: Sendable, Equatable {
    let subgraph: Subgraph
    /// The inputs of the subgraph's nodes, in their order.
    let inputs: ItemInputs
    let judged: RankingLoss.Batch
}

/// Draws a batch's examples and negatives, finds the nodes they need, and gathers their inputs.
struct BatchMaker: Sendable {
    private let settings: TrainingSettings
    private let epoch: Epoch
    private let inputs: ItemInputs
    private let hardNegatives: HardNegatives?
    private var builder: SubgraphBuilder
    /// How often a hard negative is drawn again that belongs to its example.
    private static let attempts = 8

    init(
        _ settings: TrainingSettings,
        epoch: Epoch,
        inputs: ItemInputs,
        hardNegatives: HardNegatives?
    ) {
        self.settings = settings
        self.hardNegatives = hardNegatives
        self.epoch = epoch
        self.inputs = inputs
        builder = SubgraphBuilder(epoch.neighbourhoods)
    }

    /// The batch of step `step` in epoch `number`; it depends on nothing but these, what the epoch
    /// learns from, and the settings.
    mutating func batch(_ step: Int, epoch number: Int) -> Batch {
        var generator = SeededGenerator(seed: settings.seed, stream: 1 << 60 + UInt64(step))
        let several = Int(Float(settings.batch) * settings.contextShare)
        let examples = (0..<settings.batch).map { place in
            if place < settings.batch - several {
                let pair = epoch.examples.drawPair(using: &generator)
                return Example(query: [pair.query], item: pair.item)
            }
            return epoch.examples.drawContext(upTo: settings.contextItems, using: &generator)
        }
        let negatives = (0..<settings.negatives).map { _ in
            epoch.negatives.draw(using: &generator)
        }
        let hardCount =
            hardNegatives == nil
            ? 0 : settings.hardNegatives.count(inEpoch: number, atMost: settings.mostHardNegatives)
        let hard = examples.flatMap { example in
            (0..<hardCount).map { _ in
                hardNegative(for: example, using: &generator)
            }
        }
        let cold = RandomShare(settings.coldShare, key: generator.next())
        let items = examples.flatMap(\.query) + examples.map(\.item) + negatives + hard
        let (subgraph, rows) = builder.build(
            items,
            layers: settings.model.layers,
            without: cold
        )
        let queryCount = items.count - examples.count - negatives.count - hard.count
        let judged = RankingLoss.Batch(
            queries: .means(
                of: rows[..<queryCount].map { UInt32($0) },
                counts: examples.map(\.query.count)
            ),
            items: Array(rows[queryCount..<queryCount + examples.count]),
            negatives: Array(rows[(queryCount + examples.count)..<items.count - hard.count]),
            hardNegatives: Array(rows[(items.count - hard.count)...]),
            corrections: negatives.map {
                epoch.negatives.logExpectation(of: $0, among: negatives.count)
            } + [Float](repeating: 0, count: hardCount),
            excluded: excluded(negatives, from: examples)
        )
        var inputs = inputs.gather(subgraph.nodes, isCold: cold.contains)
        inputs.content.drop(settings.wordDropout, using: &generator)
        return Batch(
            subgraph: subgraph,
            inputs: inputs,
            judged: judged
        )
    }

    /// An item from the band of the example's first query item, or any other where the band has none
    /// but the example's own items.
    private func hardNegative(
        for example: Example,
        using generator: inout SeededGenerator
    ) -> Int {
        func isOwn(_ item: Int) -> Bool { item == example.item || example.query.contains(item) }
        for _ in 0..<Self.attempts {
            guard let drawn = hardNegatives?.draw(for: example.query[0], using: &generator) else {
                break
            }
            if !isOwn(drawn) { return drawn }
        }
        var drawn = epoch.negatives.draw(using: &generator)
        for _ in 0..<Self.attempts where isOwn(drawn) {
            drawn = epoch.negatives.draw(using: &generator)
        }
        return drawn
    }

    /// The negatives that say nothing about an example, because they belong to it.
    private func excluded(
        _ negatives: [Int],
        from examples: [Example]
    ) -> [(pair: Int, negative: Int)] {
        let places = Dictionary(grouping: negatives.indices) { negatives[$0] }
        return examples.enumerated().flatMap { pair, example in
            Set(example.query + [example.item])
                .flatMap { places[$0] ?? [] }
                .sorted()
                .map { (pair: pair, negative: $0) }
        }
    }
}

extension SparseRows {
    /// Leaves out a share of the entries, each by chance.
    fileprivate mutating func drop(_ share: Float, using generator: inout SeededGenerator) {
        guard share > 0 else { return }
        var kept = [0]
        var (columns, values): ([UInt32], [Float]) = ([], [])
        for row in 0..<rowCount {
            for place in offsets[row]..<offsets[row + 1] where generator.unit() >= share {
                columns.append(self.columns[place])
                values.append(self.values[place])
            }
            kept.append(columns.count)
        }
        self = SparseRows(offsets: kept, columns: columns, values: values)
    }

    /// The matrix that takes means: of the first `counts[0]` columns, of the next `counts[1]`, ...
    fileprivate static func means(of columns: [UInt32], counts: [Int]) -> SparseRows {
        var offsets = [0]
        var values: [Float] = []
        values.reserveCapacity(columns.count)
        for count in counts {
            values += repeatElement(1 / Float(count), count: count)
            offsets.append(values.count)
        }
        return SparseRows(offsets: offsets, columns: columns, values: values)
    }
}
