/// The ids of rows that came without any: their numbers, of so many digits that the order of the
/// ids' bytes is the order of the rows.
///
/// ```swift
/// RowNames(count: 1_000_000)[12]  // "0000012"
/// ```
package struct RowNames: Sendable {
    /// Seven digits number ten million rows; fewer rows have no other ids.
    private static let leastDigits = 7

    package let count: Int
    private let digits: Int

    package init(count: Int) {
        self.count = count
        digits = max(Self.leastDigits, String(count - 1).utf8.count)
    }

    package subscript(row: Int) -> String {
        let number = String(row)
        return String(repeating: "0", count: max(0, digits - number.utf8.count)) + number
    }

    package var all: [String] { (0..<count).map { self[$0] } }
}
