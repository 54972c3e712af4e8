import Graph
import PinSage
import Sampling
import Training
import Vectors

extension TrainingBench {
    /// The mean floating-point operations of a step's matrix products, over a few batches that are
    /// drawn as a trainer draws its own.
    ///
    /// Pooling, inputs and the optimiser are left out: they wait for the memory, not for products.
    /// Each product of the forward pass has two of its size in the backward pass, one for the
    /// gradient of each factor.
    func stepFlops(
        of settings: TrainingSettings,
        on graph: Graph,
        _ neighbourhoods: Neighbourhoods
    ) -> Double {
        let batches = 8
        guard let pairs = ExampleSampler(of: graph, damping: settings.pairDamping),
            let negatives = NegativeSampler(of: graph, popularity: settings.negativePopularity)
        else { preconditionFailure("a trainer found pairs in this graph") }
        var builder = SubgraphBuilder(.kept(neighbourhoods))
        var generator = SeededGenerator(seed: seed)
        var multiplications = 0
        let (m, d) = (settings.model.hidden, settings.model.dimension)
        for _ in 0..<batches {
            var items: [Int] = []
            for _ in 0..<settings.batch {
                let pair = pairs.drawPair(using: &generator)
                items += [pair.query, pair.item]
            }
            for _ in 0..<settings.negatives {
                items.append(negatives.draw(using: &generator))
            }
            let (subgraph, _) = builder.build(items, layers: settings.model.layers)
            for block in subgraph.blocks {
                // Lines 1 and 2 of Algorithm 1: (n, d) Q, then (t, d + m) W.
                multiplications += block.sourceCount * d * m + block.targetCount * (d + m) * d
            }
            // The head, (t, d) G1 and (t, d) G2, and the scores, (b, d) (d, negatives).
            multiplications += subgraph.targetCount * 2 * d * d
            multiplications += settings.batch * settings.negatives * d
        }
        let (multiplyAndAdd, forwardAndBackward) = (2.0, 3.0)
        return multiplyAndAdd * forwardAndBackward * Double(multiplications) / Double(batches)
    }
}
