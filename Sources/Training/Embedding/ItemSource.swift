package import PinSage
package import Sampling

/// What a pass over all items reads, a range of them at a time.
///
/// Inputs are asked for once, range after range in order; neighbourhoods once for each layer.
package struct ItemSource {
    let count: Int
    let inputs: (Range<Int>) throws -> ItemInputs
    /// Row k for the k-th item of the range: its neighbours, and their importances.
    let neighbourhoods: (Range<Int>) -> SparseRows

    init(
        count: Int,
        inputs: @escaping (Range<Int>) throws -> ItemInputs,
        neighbourhoods: @escaping (Range<Int>) -> SparseRows
    ) {
        self.count = count
        self.inputs = inputs
        self.neighbourhoods = neighbourhoods
    }

    /// Items whose inputs lie in memory; where the neighbourhoods do not, up to `threads` threads
    /// walk for them.
    package init(_ inputs: ItemInputs, _ neighbourhoods: NeighbourhoodSource, threads: Int) {
        self.init(
            count: inputs.itemCount,
            inputs: { range in inputs.gather(range.map { UInt32($0) }) { _ in false } },
            neighbourhoods: { range in
                let found = neighbourhoods.neighbourhoods(of: range, threads: threads)
                return SparseRows(
                    offsets: found.offsets,
                    columns: found.neighbours,
                    values: found.importances
                )
            }
        )
    }
}
