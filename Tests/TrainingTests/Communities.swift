import Foundation
import Graph
import PinSage
import Sampling
import TestSupport
import Training
import Vectors

/// Two communities of twelve items each.
///
/// A context holds items of one community, and one context in ten a stranger. Item 24 has no edge.
struct Communities {
    static let size = 12
    static let itemCount = 2 * size + 1

    let folder: URL
    let settings: TrainingSettings
    let graph: Graph
    let neighbourhoods: Neighbourhoods
    let hasher: FeatureHasher
    let inputs: ItemInputs

    static func community(of item: Int) -> Int { item / size }

    static var ids: [String] { (0..<itemCount).map { "item-\($0)" } }

    /// An item's words say nothing of its community.
    static var contents: [Content] {
        (0..<itemCount).map { Content(text: "word\($0 % 5) word\($0 % 7)", fields: [:]) }
    }

    init(in folder: URL, _ settings: TrainingSettings = .small) throws {
        var generator = SeededGenerator(seed: 100)
        var edges: [Edge] = []
        let contextCount = 80
        for context in 0..<contextCount {
            for place in 0..<4 {
                let isStranger = context.isMultiple(of: 10) && place == 0
                let community = (context + (isStranger ? 1 : 0)) % 2
                let item = community * Self.size + generator.index(below: Self.size)
                edges.append(Edge(context: UInt32(context), item: UInt32(item)))
            }
        }
        self.settings = settings
        self.folder = folder
        graph = try Graph.build(
            edges,
            contextCount: contextCount,
            itemCount: Self.itemCount,
            at: folder.appendingPathComponent("graph.csr")
        )
        neighbourhoods = Neighbourhoods(
            of: graph,
            settings: settings.walk,
            seed: settings.seed,
            threads: 1
        )
        hasher = FeatureHasher(
            Self.contents,
            settings: settings.features,
            buckets: settings.model.buckets
        )
        inputs = ItemInputs(
            ids: Self.ids,
            contents: Self.contents,
            graph: graph,
            hasher: hasher,
            identities: Self.ids,
            dense: nil
        )
    }

    /// What a run learns from.
    var catalogue: TrainingRun.Catalogue {
        TrainingRun.Catalogue(
            graph: graph,
            ids: Self.ids,
            contents: Self.contents,
            dense: nil
        )
    }

    /// The embedding of every item, by whole matrices in memory: the slow twin of `embedAll`.
    func embeddings(_ model: Model, of inputs: ItemInputs? = nil, threads: Int) -> Matrix {
        let block = Block(
            sourceCount: Self.itemCount,
            neighbourhoods: SparseRows(
                offsets: neighbourhoods.offsets,
                columns: neighbourhoods.neighbours,
                values: neighbourhoods.importances
            )
        )
        let subgraph = Subgraph(
            nodes: (0..<Self.itemCount).map { UInt32($0) },
            blocks: [Block](repeating: block, count: model.settings.layers)
        )
        return model.forward(subgraph, of: inputs ?? self.inputs, threads: threads).embeddings
    }

    /// A run that goes on at `checkpoint`, or has taken no step.
    func run(
        resuming checkpoint: Checkpoint? = nil,
        after seconds: Double = 0,
        _ change: (inout TrainingSettings) -> Void = { _ in }
    ) throws -> TrainingRun {
        var settings = settings
        change(&settings)
        return try TrainingRun(
            settings,
            on: catalogue,
            graphFile: folder.appendingPathComponent("training.csr"),
            threads: 1,
            resuming: checkpoint,
            after: seconds
        )
    }

    /// A trainer that has taken no step; nil where there is nothing to learn.
    func trainer(_ change: (inout TrainingSettings) -> Void = { _ in }) throws -> Trainer? {
        var settings = settings
        change(&settings)
        return try Trainer(
            settings,
            graph: graph,
            neighbourhoods: NeighbourhoodSource(
                of: graph,
                settings: settings.walk,
                seed: settings.seed,
                when: settings.neighbourhoods,
                threads: 1
            ),
            inputs: inputs,
            epochFile: folder.appendingPathComponent("epoch.csr"),
            threads: 1
        )
    }
}

extension TrainingSettings {
    /// Small enough that every product is one call on one thread, whatever other tests set.
    static var small: TrainingSettings {
        var settings = TrainingSettings()
        settings.loss.kind = .maxMargin
        settings.contextShare = 0
        settings.model.spectral = false
        settings.model.hidden = 12
        settings.model.dimension = 10
        settings.model.buckets = 64
        settings.walk.walks = 30
        settings.walk.neighbours = 5
        settings.batch = 32
        settings.negatives = 16
        settings.epochs = 15
        settings.rate = 0.08
        settings.decay = 0.9
        return settings
    }
}
