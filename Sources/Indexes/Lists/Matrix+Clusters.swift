import BLAS
import Faiss
import Vectors

extension Matrix {
    /// `count` different rows, drawn by `seed`, in the order of their numbers.
    func sample(_ count: Int, seed: UInt64) -> Matrix {
        guard count < rows else { return self }
        var generator = SeededGenerator(seed: seed)
        var numbers = Array(0..<rows)
        for place in 0..<count {
            numbers.swapAt(place, place + generator.index(below: rows - place))
        }
        return gather(numbers[..<count].sorted())
    }

    /// The mean of all rows.
    var mean: [Float] {
        var sums = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                sums[column] += Double(self[row, column])
            }
        }
        return sums.map { Float($0 / Double(max(1, rows))) }
    }

    /// The columns `range` (rows, range.count).
    func columns(_ range: Range<Int>) -> Matrix {
        var part = Matrix(rows: rows, columns: range.count)
        for row in 0..<rows {
            for column in range {
                part[row, column - range.lowerBound] = self[row, column]
            }
        }
        return part
    }

    /// These rows (at most 16, width) as a codebook (width, 16); where there are fewer the first is
    /// repeated.
    var asCodebook: [Float] {
        (0..<columns).flatMap { column in
            (0..<16).map { self[$0 < rows ? $0 : 0, column] }
        }
    }

    /// For each row the number of the nearest row of `centroids`, by squared distance; the first
    /// of equal ones.
    func nearestRows(of centroids: Matrix, threads: Int) -> [UInt32] {
        let chunk = 512
        let squares = (0..<centroids.rows).map { row in
            let centroid = centroids.elements.span.extracting(centroids.range(ofRow: row))
            return innerProduct(centroid, centroid)
        }
        return mapInParallel(over: rows, threads: threads) { part in
            var nearest: [UInt32] = []
            nearest.reserveCapacity(part.count)
            for start in stride(from: part.lowerBound, to: part.upperBound, by: chunk) {
                let rows = start..<Swift.min(start + chunk, part.upperBound)
                let block = gather(Array(rows))
                let products = Matrix.product(block, centroids, transposeB: true)
                for row in 0..<block.rows {
                    nearest.append(
                        nearestRow(
                            products.elements.span.extracting(products.range(ofRow: row)),
                            squares.span
                        )
                    )
                }
            }
            return nearest
        }.flatMap(\.self)
    }
}

/// Where |c|^2 - 2 <x, c> is least.
private func nearestRow(_ products: Span<Float>, _ squares: Span<Float>) -> UInt32 {
    var best = 0
    var least = Float.infinity
    for row in products.indices {
        let distance = squares[row] - 2 * products[row]
        if distance < least {
            (best, least) = (row, distance)
        }
    }
    return UInt32(best)
}
