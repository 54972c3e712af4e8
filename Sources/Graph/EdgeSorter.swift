import Files
import Foundation

/// Sorts any number of records in bounded memory.
///
/// Records gather until their memory is full, are sorted, and go to a scratch file as a run; at the
/// end the runs are merged. Records of one key keep the order in which they came, so the result does
/// not depend on the memory.
struct EdgeSorter: ~Copyable {
    private var records: [EdgeRecord] = []
    private var runs: [Range<Int>] = []
    private var scratch: ScratchFile
    /// How many records are gathered; sorting takes as much memory again.
    private let capacity: Int

    /// A sorter that uses about `memory` bytes, and the disk of `folder` for what exceeds them.
    init(memory: Int, folder: URL) {
        capacity = max(1, memory / 2 / MemoryLayout<EdgeRecord>.stride)
        scratch = ScratchFile(in: folder)
    }

    mutating func append(_ record: EdgeRecord) throws(FileError) {
        if records.count == capacity {
            try spill()
        }
        records.append(record)
    }

    private mutating func spill() throws(FileError) {
        records.sortByKey()
        let start = scratch.byteCount
        try scratch.append(records)
        runs.append(start..<scratch.byteCount)
        records.removeAll(keepingCapacity: true)
    }

    /// Hands out all records in order.
    consuming func forEach(
        _ body: (EdgeRecord) throws(FileError) -> Void
    ) throws(FileError) {
        guard !runs.isEmpty else {
            records.sortByKey()
            for record in records {
                try body(record)
            }
            return
        }
        try spill()
        records = []
        // The runs share the memory, in pieces of a size that a disk reads well.
        let share = min(1 << 16, max(1, 2 * capacity / runs.count))
        var heap = RunHeap()
        for (number, run) in runs.enumerated() {
            heap.insert(try Run(number, run, buffer: share, in: scratch))
        }
        while let record = try heap.next(from: scratch) {
            try body(record)
        }
    }
}

/// One sorted run of a scratch file, read piece by piece.
private struct Run {
    /// Its place among the runs, which decides between equal keys.
    let number: Int
    /// The bytes not yet read.
    private var rest: Range<Int>
    private var buffer: [EdgeRecord]
    private var place = 0

    init(
        _ number: Int,
        _ bytes: Range<Int>,
        buffer: Int,
        in scratch: borrowing ScratchFile
    ) throws(FileError) {
        self.number = number
        rest = bytes
        let count = min(buffer, bytes.count / MemoryLayout<EdgeRecord>.stride)
        self.buffer = [EdgeRecord](repeating: .zero, count: count)
        try fill(from: scratch)
    }

    var first: EdgeRecord { buffer[place] }

    func precedes(_ other: Run) -> Bool {
        (first.key, number) < (other.first.key, other.number)
    }

    /// Moves on by a record; false where there is none left.
    mutating func advance(from scratch: borrowing ScratchFile) throws(FileError) -> Bool {
        place += 1
        guard place == buffer.count else { return true }
        guard !rest.isEmpty else { return false }
        try fill(from: scratch)
        return true
    }

    private mutating func fill(from scratch: borrowing ScratchFile) throws(FileError) {
        let stride = MemoryLayout<EdgeRecord>.stride
        if rest.count < buffer.count * stride {
            buffer.removeLast(buffer.count - rest.count / stride)
        }
        try scratch.read(&buffer, at: rest.lowerBound)
        rest = rest.lowerBound + buffer.count * stride..<rest.upperBound
        place = 0
    }
}

/// Runs by their first records: a binary heap, the least at its root.
private struct RunHeap {
    private var runs: [Run] = []

    mutating func insert(_ run: Run) {
        runs.append(run)
        var child = runs.count - 1
        while child > 0, runs[child].precedes(runs[(child - 1) / 2]) {
            runs.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the least record of all, or nil at the end.
    mutating func next(from scratch: borrowing ScratchFile) throws(FileError) -> EdgeRecord? {
        guard let record = runs.first?.first else { return nil }
        if try !runs[0].advance(from: scratch) {
            runs[0] = runs[runs.count - 1]
            runs.removeLast()
        }
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < runs.count {
                if runs[child].precedes(runs[least]) {
                    least = child
                }
            }
            guard least != parent else { return record }
            runs.swapAt(least, parent)
            parent = least
        }
    }
}
