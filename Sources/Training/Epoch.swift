import Files
import Foundation
import Graph
import Sampling
import Vectors

/// What one epoch learns from: its examples, its negatives, and the neighbourhoods of its walks.
struct Epoch: Sendable {
    let examples: ExampleSampler
    let negatives: NegativeSampler
    let neighbourhoods: NeighbourhoodSource

    /// Sets edges aside and walks on the others; `neighbourhoods` are those of the whole graph.
    ///
    /// Nil where no context holds two items. The graph of the others is written to `file`.
    init?(
        _ number: Int,
        of graph: Graph,
        _ neighbourhoods: NeighbourhoodSource,
        settings: TrainingSettings,
        file: URL,
        threads: Int
    ) throws(FileError) {
        let split = EdgeSplit(share: settings.leakGuard, seed: settings.seed, epoch: number)
        guard
            let examples = ExampleSampler(
                of: graph,
                split: split,
                damping: settings.pairDamping,
                source: settings.pairs,
                walk: settings.walk
            ),
            let negatives = NegativeSampler(of: graph, popularity: settings.negativePopularity)
        else { return nil }
        self.examples = examples
        self.negatives = negatives
        guard !split.isEmpty else {
            self.neighbourhoods = neighbourhoods
            return
        }
        self.neighbourhoods = NeighbourhoodSource(
            of: try graph.filtered(to: file, in: .hugePages) { _, position in
                !split.setsAside(position)
            },
            settings: settings.walk,
            seed: settings.seed &+ UInt64(number),
            when: settings.neighbourhoods,
            threads: threads
        )
    }
}
