import RealModule
package import Graph
import Vectors

/// The edges of a made-up graph whose contexts and items are used as unevenly as in real data.
///
/// Each edge draws its context and its item by themselves, the k-th most used of n with a chance in
/// proportion to k^-exponent (Zipf's law). The numbers of the most used are scattered over all
/// numbers, as in a real catalogue. The edges come one by one, so that a graph larger than the
/// memory can be made; one pair may come more than once.
///
/// ```swift
/// let edges = ZipfEdges(10_000_000, contexts: 500_000, items: 500_000, exponent: 0.8, seed: 1)
/// for edge in edges { try builder.append(edge) }
/// ```
package struct ZipfEdges: Sequence, Sendable {
    package let count: Int
    private let contexts: ZipfLaw
    private let items: ZipfLaw
    private let seed: UInt64

    /// - Complexity: O(contexts + items) time and memory, 8 bytes each.
    package init(_ count: Int, contexts: Int, items: Int, exponent: Double, seed: UInt64) {
        precondition(contexts > 0 && items > 0, "an edge needs a context and an item")
        self.count = count
        self.contexts = ZipfLaw(contexts, exponent: exponent)
        self.items = items == contexts ? self.contexts : ZipfLaw(items, exponent: exponent)
        self.seed = seed
    }

    package struct Iterator: IteratorProtocol {
        private let edges: ZipfEdges
        private var generator: SeededGenerator
        private var left: Int

        fileprivate init(_ edges: ZipfEdges) {
            self.edges = edges
            generator = SeededGenerator(seed: edges.seed)
            left = edges.count
        }

        package mutating func next() -> Edge? {
            guard left > 0 else { return nil }
            left -= 1
            let context = edges.contexts.draw(generator.next())
            return Edge(context: context, item: edges.items.draw(generator.next()))
        }
    }

    package func makeIterator() -> Iterator {
        Iterator(self)
    }
}

/// Zipf's law over the numbers below `count`, the ranks scattered over the numbers.
private struct ZipfLaw: Sendable {
    private let ranks: AliasTable
    private let count: UInt64
    /// Without a common factor with `count`, so that rank -> rank x stride takes each number once.
    private let stride: UInt64

    init(_ count: Int, exponent: Double) {
        ranks = AliasTable((1...count).map { Double.pow(Double($0), -exponent) })
        self.count = UInt64(count)
        // Near the golden section of `count`: neighbours in rank lie far apart.
        var stride = UInt64(Double(count) * 0.618)
        func divisor(_ a: UInt64, _ b: UInt64) -> UInt64 { b == 0 ? a : divisor(b, a % b) }
        while divisor(self.count, stride) != 1 { stride += 1 }
        self.stride = stride
    }

    func draw(_ random: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: UInt64(ranks.draw(random)) &* stride % count)
    }
}
