/// An edge on its way into one direction of a graph: 24 bytes, sorted by `key`.
struct EdgeRecord: BitwiseCopyable {
    /// The row x 2^32 + the neighbour.
    var key: UInt64
    /// ``Edge/noTime`` where it is not known.
    var time: Int64
    var weight: Float
    /// Fills the record up to its stride, so that one record has as many bytes as each of many.
    private var spare: UInt32 = 0

    /// The edge in the row of its context.
    init(_ edge: Edge) {
        key = UInt64(edge.context) << 32 | UInt64(edge.item)
        time = edge.time ?? Edge.noTime
        weight = edge.weight
    }

    /// A place to read a record into.
    static let zero = EdgeRecord(Edge(context: 0, item: 0))

    var row: Int { Int(key >> 32) }
    var neighbour: UInt32 { UInt32(truncatingIfNeeded: key) }

    /// The edge in the row of the other end, where no time is kept.
    var reversed: EdgeRecord {
        var reversed = self
        reversed.key = key << 32 | key >> 32
        reversed.time = Edge.noTime
        return reversed
    }

    /// Takes in an edge between the same two: the weights add up, and the earlier time stays.
    mutating func merge(_ other: EdgeRecord) {
        // A sum beyond the largest number would be infinite, and no draw could use it.
        weight = min(weight + other.weight, .greatestFiniteMagnitude)
        if time == Edge.noTime || (other.time != Edge.noTime && other.time < time) {
            time = other.time
        }
    }
}

extension [EdgeRecord] {
    /// Sorts by key, equal keys in the order they came: byte by byte, from the last to the first.
    ///
    /// - Complexity: O(count) for each byte of the keys that is not the same in all of them; as much
    ///   memory again.
    mutating func sortByKey() {
        var counts = [Int](repeating: 0, count: 8 * 256)
        for record in self {
            for byte in 0..<8 {
                counts[byte * 256 + Int(record.key >> (8 * UInt64(byte)) & 255)] += 1
            }
        }
        var other = self
        for byte in 0..<8 {
            let range = byte * 256..<(byte + 1) * 256
            guard !counts[range].contains(count) else { continue }
            var sum = 0
            for value in range {
                (counts[value], sum) = (sum, sum + counts[value])
            }
            distribute(into: &other, by: UInt64(8 * byte), &counts[range])
            swap(&self, &other)
        }
    }

    /// Copies each record to the next place of its byte, the one `shift` bits up in its key.
    private func distribute(
        into other: inout [EdgeRecord],
        by shift: UInt64,
        _ places: inout ArraySlice<Int>
    ) {
        let first = places.startIndex
        for record in self {
            let byte = first + Int(record.key >> shift & 255)
            other[places[byte]] = record
            places[byte] += 1
        }
    }
}
