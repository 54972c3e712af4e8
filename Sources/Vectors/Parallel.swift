import Dispatch
import Synchronization

/// Splits `0..<count` into ranges, runs `body` on them by up to `threads` threads, and returns the
/// results in the order of the ranges.
///
/// The ranges depend on `count` and `parts` alone, so a result that is put together from them does
/// not depend on `threads`.
package func mapInParallel<Result: Sendable>(
    over count: Int,
    parts: Int = 64,
    threads: Int,
    _ body: @Sendable (Range<Int>) -> Result
) -> [Result] {
    let partCount = min(count, parts)
    @Sendable func range(_ part: Int) -> Range<Int> {
        count * part / partCount..<count * (part + 1) / partCount
    }
    guard threads > 1, partCount > 1 else { return (0..<partCount).map { body(range($0)) } }
    let results = Mutex([Result?](repeating: nil, count: partCount))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, partCount)) { _ in
        while true {
            let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard part < partCount else { return }
            let result = body(range(part))
            results.withLock { $0[part] = result }
        }
    }
    return results.withLock { $0.compactMap(\.self) }
}

extension Matrix {
    /// Changes rows of this matrix by up to `threads` threads.
    ///
    /// `rows` names the rows, strictly ascending; nil stands for all. `body` is given a row's place
    /// in `rows` and its elements, and must not touch anything else that changes.
    package mutating func forEachRow(
        _ rows: [Int]? = nil,
        threads: Int,
        _ body: @Sendable (_ place: Int, _ row: inout MutableSpan<Float>) -> Void
    ) {
        let (columns, count) = (columns, rows?.count ?? self.rows)
        if let rows {
            // What keeps two threads off one row, and every row inside the matrix.
            precondition(
                zip(rows, rows.dropFirst()).allSatisfy(<) && rows.first ?? 0 >= 0
                    && rows.last ?? -1 < self.rows,
                "rows must ascend strictly within the matrix"
            )
        }
        // Where there is little to do, waking a thread takes longer than doing it.
        let threads = count * columns < 1 << 15 ? 1 : threads
        unsafe elements.withUnsafeMutableBufferPointer { elements in
            // Each row is touched by exactly one thread.
            nonisolated(unsafe) let elements = unsafe elements
            _ = mapInParallel(over: count, threads: threads) { places in
                for place in places {
                    let row = rows?[place] ?? place
                    let range = row * columns..<(row + 1) * columns
                    var span = unsafe MutableSpan(_unsafeElements: elements.extracting(range))
                    body(place, &span)
                }
            }
        }
    }
}
