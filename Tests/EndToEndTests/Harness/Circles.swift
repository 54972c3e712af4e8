import Foundation

/// 600 points of 8 dimensions on three circles, each circle in a plane of its own: rows that
/// follow each other are near each other, by any metric.
enum Circles {
    static let points: [Float] = (0..<600).flatMap { row in
        let angle = Double(row % 200) / 200 * 2 * .pi
        var point = [Float](repeating: 0, count: 8)
        point[row / 200 * 2] = Float(cos(angle))
        point[row / 200 * 2 + 1] = Float(sin(angle))
        return point
    }

    /// Each point itself, and its neighbours on either side.
    static let nearest: [Int32] = (0..<600).flatMap { (row: Int) -> [Int32] in
        let circle = row / 200 * 200
        return [0, 1, 199].map { (step: Int) in Int32(circle + (row + step) % 200) }
    }
}
