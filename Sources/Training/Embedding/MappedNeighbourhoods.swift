import Files
import Foundation
import Graph
import PinSage
import Sampling

/// The neighbourhoods of all items, walked a chunk of items at a time, in scratch files.
///
/// Every layer reads them once: to walk again, which gives the same, takes longer than to read.
struct MappedNeighbourhoods: Sendable {
    /// Item u's neighbours lie at `offsets[u]..<offsets[u + 1]`.
    private let offsets: MappedArray<Int>
    private let neighbours: MappedArray<UInt32>
    private let importances: MappedArray<Float>

    /// Walks from every item of `graph`; `progress` is told how many have been walked from.
    init(
        of graph: Graph,
        settings: WalkSettings,
        seed: UInt64,
        chunk: Int,
        scratch folder: URL,
        threads: Int,
        progress: (Int) -> Void
    ) throws {
        var offsets = ScratchFile(in: folder)
        var neighbours = ScratchFile(in: folder)
        var importances = ScratchFile(in: folder)
        let walker = Walker(on: graph, damping: settings.damping)
        var end = 0
        try offsets.append([end])
        for range in (0..<graph.itemCount).chunks(of: chunk) {
            let found = Neighbourhoods(
                of: range,
                with: walker,
                settings: settings,
                seed: seed,
                threads: threads
            )
            try offsets.append(found.offsets.dropFirst().map { end + $0 })
            try neighbours.append(found.neighbours)
            try importances.append(found.importances)
            end += found.neighbours.count
            progress(range.upperBound)
        }
        self.offsets = try offsets.mapped()
        self.neighbours = try neighbours.mapped()
        self.importances = try importances.mapped()
    }

    /// Row k for the k-th item of `range`.
    func rows(_ range: Range<Int>) -> SparseRows {
        let ends = offsets.elements(range.lowerBound..<range.upperBound + 1)
        let (start, end) = (ends[0], ends[range.count])
        return SparseRows(
            offsets: ends.map { $0 - start },
            columns: neighbours.elements(start..<end),
            values: importances.elements(start..<end)
        )
    }
}

extension Range<Int> {
    /// Ranges of `size`, the last of which may be shorter, that make up this one.
    func chunks(of size: Int) -> [Range<Int>] {
        stride(from: lowerBound, to: upperBound, by: size).map {
            $0..<Swift.min($0 + size, upperBound)
        }
    }
}
