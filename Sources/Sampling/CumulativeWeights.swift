import Graph
import Vectors

/// Running sums of weights, for draws by weight.
struct CumulativeWeights<Weight: BinaryFloatingPoint & Sendable>: Sendable {
    private let sums: [Weight]

    /// The sums over all of `weights`.
    init(_ weights: some Sequence<Weight>) {
        var sum: Weight = 0
        sums = weights.map { weight in
            sum += weight
            return sum
        }
    }

    /// The sums over each row of an adjacency by itself; `weight` is given a position.
    init(rowsOf adjacency: Adjacency, weight: (Int) -> Weight) {
        var sums = [Weight](repeating: 0, count: adjacency.neighbourCount)
        for row in 0..<adjacency.rowCount {
            var sum: Weight = 0
            for position in adjacency.positions(of: row) {
                sum += weight(position)
                sums[position] = sum
            }
        }
        self.sums = sums
    }

    /// The sum of all weights, where they form one row.
    var total: Weight { sums.last ?? 0 }

    /// The chance of each position, where they form one row.
    var shares: [Weight] {
        zip(sums, [0] + sums).map { ($0 - $1) / total }
    }

    /// One of all positions, drawn by weight.
    func draw(using generator: inout SeededGenerator) -> Int {
        draw(from: 0..<sums.count, using: &generator)
    }

    /// One of `positions` (a whole row, not empty), drawn by weight.
    ///
    /// - Complexity: O(log count).
    @inline(__always)
    func draw(from positions: Range<Int>, using generator: inout SeededGenerator) -> Int {
        let unit = Weight(generator.next() >> 11) * 0x1p-53
        let target = unit * sums[positions.upperBound - 1]
        var (low, high) = (positions.lowerBound, positions.upperBound - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
