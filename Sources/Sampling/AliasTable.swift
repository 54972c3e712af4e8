package import Graph

/// Weights prepared for draws in constant time, whatever their number.
///
/// A row of n weights becomes n equal cells, each shared by at most two entries: the cell's own
/// below its threshold, and another above. A draw takes one random number: its product with n has
/// the cell in the upper half, and the place within the cell in the lower one.
///
/// Source: A. J. Walker, ACM TOMS 1977; built as M. D. Vose describes, IEEE TSE 1991.
package struct AliasTable: Sendable {
    /// One cell: 8 bytes, so that a draw touches one line of the cache.
    package struct Cell: Sendable, BitwiseCopyable {
        /// The share of the cell that is its own entry's, in 2^-32.
        var threshold: UInt32
        /// How many entries on lies the one to which the rest of the cell belongs.
        var shift: Int32
    }

    private(set) var cells: [Cell]

    /// The table of one row of weights, none of them negative; where all are zero, they are drawn
    /// evenly.
    package init(_ weights: some Collection<Double>) {
        var row = RowOfWeights()
        row.weights.append(contentsOf: weights)
        cells = []
        cells.reserveCapacity(weights.count)
        row.appendCells(to: &cells)
    }

    /// The tables of all rows of an adjacency; `weight` is given a position.
    package init(rowsOf adjacency: Adjacency, weight: (Int) -> Double) {
        var row = RowOfWeights()
        cells = []
        cells.reserveCapacity(adjacency.neighbourCount)
        for index in 0..<adjacency.rowCount {
            row.weights.removeAll(keepingCapacity: true)
            for position in adjacency.positions(of: index) {
                row.weights.append(weight(position))
            }
            row.appendCells(to: &cells)
        }
    }

    var isEmpty: Bool { cells.isEmpty }

    /// One of all positions, by weight, from a random number of 64 bits.
    func draw(_ random: UInt64) -> Int {
        draw(random, from: 0..<cells.count)
    }

    /// One of `positions` (a whole row, not empty), by weight.
    @inline(__always)
    func draw(_ random: UInt64, from positions: Range<Int>) -> Int {
        let product = random.multipliedFullWidth(by: UInt64(truncatingIfNeeded: positions.count))
        let position = positions.lowerBound + Int(truncatingIfNeeded: product.high)
        let cell = cells[position]
        return product.low >> 32 < cell.threshold ? position : position + Int(cell.shift)
    }
}

/// The weights of one row, and the memory to turn them into cells.
private struct RowOfWeights {
    var weights: [Double] = []
    /// Entries with less than a cell's weight, and with at least that.
    private var small: [Int] = []
    private var large: [Int] = []

    /// Appends the row's cells; the weights are used up.
    mutating func appendCells(to cells: inout [AliasTable.Cell]) {
        let (base, count) = (cells.count, weights.count)
        let total = weights.reduce(0, +)
        let full = AliasTable.Cell(threshold: .max, shift: 0)
        cells.append(contentsOf: repeatElement(full, count: count))
        guard total > 0, count > 1 else { return }
        var heaviest = 0
        for entry in 0..<count where weights[entry] > weights[heaviest] {
            heaviest = entry
        }
        for entry in 0..<count {
            weights[entry] *= Double(count) / total
            if weights[entry] < 1 {
                small.append(entry)
            } else {
                large.append(entry)
            }
        }
        func fill(_ entry: Int, with other: Int) {
            let threshold = UInt32(min(weights[entry] * 0x1p32, Double(UInt32.max)))
            cells[base + entry] = AliasTable.Cell(threshold: threshold, shift: Int32(other - entry))
        }
        while let other = large.last, let entry = small.popLast() {
            fill(entry, with: other)
            weights[other] -= 1 - weights[entry]
            if weights[other] < 1 {
                large.removeLast()
                small.append(other)
            }
        }
        // Rounding may leave an entry without a partner. It is near a full cell, unless its weight
        // is zero, and then it must never be drawn.
        for entry in small {
            fill(entry, with: heaviest)
        }
        small.removeAll(keepingCapacity: true)
        large.removeAll(keepingCapacity: true)
    }
}
