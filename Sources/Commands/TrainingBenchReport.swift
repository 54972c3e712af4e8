import Graph
import PinSage
import Sampling
import Training

/// How fast the parts of a training run are, each beside what bounds it.
package struct TrainingBenchReport: Report {
    package let threads: Int
    package let repeats: Int
    package let scale: Double
    package let seed: UInt64
    package let walks: WalkSpeed
    package let neighbourhoods: NeighbourhoodSpeed
    package let training: StepSpeed

    /// The size of a graph; an edge that was drawn again is not another edge.
    package struct Size: Encodable, Sendable {
        package let items: Int
        package let contexts: Int
        package let edges: Int

        init(of graph: Graph) {
            (items, contexts, edges) = (graph.itemCount, graph.contextCount, graph.edgeCount)
        }
    }

    /// Walks of a fixed number of hops, each from an item to a context or back.
    package struct WalkSpeed: Encodable, Sendable {
        package let graph: Size
        package let walks: Int
        package let hops: Int
        package let hopsPerSecond: Rate
        /// Independent random reads of the graph's neighbours.
        package let readsPerSecond: Rate
        /// Those that a hop needs: of its row's offsets, which lie together, and of a neighbour.
        package let readsPerHop: Int
        /// The reads of the hops in a second, as a share of the reads in a second.
        package let share: Double

        init(graph: Size, walks: Int, hops: Int, hopRate: Rate, readRate: Rate) {
            (self.graph, self.walks, self.hops) = (graph, walks, hops)
            (hopsPerSecond, readsPerSecond, readsPerHop) = (hopRate, readRate, 2)
            share = hopRate.median * Double(readsPerHop) / readRate.median
        }

        private enum CodingKeys: String, CodingKey {
            case graph, walks, hops, share
            case hopsPerSecond = "hops_per_second"
            case readsPerSecond = "reads_per_second"
            case readsPerHop = "reads_per_hop"
        }
    }

    /// Neighbourhoods on the graph of the walks.
    package struct NeighbourhoodSpeed: Encodable, Sendable {
        package let walks: Int
        package let length: Int
        package let restart: Float
        package let neighbours: Int
        package let nodes: Int
        package let nodesPerSecond: Rate
        /// Hops that the walks from one item are expected to take.
        package let hopsPerNode: Double
        /// The size of the graph in its file.
        package let graphBytes: Int
        /// The most memory that the process had until then: for the graph, which is built first, and
        /// for the walks.
        package let peakBytes: Int

        init(
            settings: WalkSettings,
            nodes: Int,
            nodeRate: Rate,
            graphBytes: Int,
            peakBytes: Int
        ) {
            (self.graphBytes, self.peakBytes) = (graphBytes, peakBytes)
            (walks, length, restart) = (settings.walks, settings.length, settings.restart)
            neighbours = settings.neighbours
            (self.nodes, nodesPerSecond) = (nodes, nodeRate)
            // A step is two hops, and is taken by the walks that have not ended before.
            var (steps, going) = (0.0, Double(walks))
            for _ in 0..<length {
                steps += going
                going *= 1 - Double(restart)
            }
            hopsPerNode = 2 * steps
        }

        private enum CodingKeys: String, CodingKey {
            case walks, length, restart, neighbours, nodes
            case nodesPerSecond = "nodes_per_second"
            case hopsPerNode = "hops_per_node"
            case graphBytes = "graph_bytes"
            case peakBytes = "peak_bytes"
        }
    }

    /// Whole steps of a trainer: batch, forward pass, loss, backward pass, optimiser.
    package struct StepSpeed: Encodable, Sendable {
        package let graph: Size
        package let batch: Int
        package let negatives: Int
        package let dimension: Int
        package let layers: Int
        package let neighbours: Int
        package let steps: Int
        package let pairsPerSecond: Rate
        /// Floating-point operations in the matrix products of a step, on average.
        package let flopsPerStep: Double
        /// Those of a plain product (4096, 64) (64, 64).
        package let flopsPerSecond: Rate
        /// The operations of the steps in a second, as a share of those of the plain product.
        package let share: Double

        init(
            graph: Size,
            settings: TrainingSettings,
            steps: Int,
            pairRate: Rate,
            stepFlops: Double,
            flopRate: Rate
        ) {
            self.graph = graph
            (batch, negatives) = (settings.batch, settings.negatives)
            (dimension, layers) = (settings.model.dimension, settings.model.layers)
            neighbours = settings.walk.neighbours
            (self.steps, pairsPerSecond) = (steps, pairRate)
            (flopsPerStep, flopsPerSecond) = (stepFlops, flopRate)
            share = pairRate.median / Double(batch) * stepFlops / flopRate.median
        }

        private enum CodingKeys: String, CodingKey {
            case graph, batch, negatives, dimension, layers, neighbours, steps, share
            case pairsPerSecond = "pairs_per_second"
            case flopsPerStep = "flops_per_step"
            case flopsPerSecond = "flops_per_second"
        }
    }
}
