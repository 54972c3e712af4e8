import Foundation

/// 600 points of 8 dimensions on three circles, each circle in a plane of its own: rows that
/// follow each other are near each other, by any metric.
enum Circles {
    private static let size = 200

    static let points: [Float] = (0..<3 * size).flatMap { row in
        let angle = Double(row % size) / Double(size) * 2 * .pi
        var point = [Float](repeating: 0, count: 8)
        point[row / size * 2] = Float(cos(angle))
        point[row / size * 2 + 1] = Float(sin(angle))
        return point
    }

    /// Each point itself, and its neighbours on either side.
    static let nearest: [Int32] = (0..<3 * size).flatMap { row -> [Int32] in
        let start = row - row % size
        return [row, row + 1, row + size - 1].map { Int32(start + $0 % size) }
    }
}
