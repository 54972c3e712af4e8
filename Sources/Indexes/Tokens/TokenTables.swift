import Files
import Kernels

/// Tables of tokens: an index that finds the rows that share tokens with a query, for whoever then
/// compares the vectors.
///
/// A token is the signs of `bits` projections of a vector, less the mean of all, on hyperplanes
/// drawn at random. Two vectors with the angle a between them are on one side of a hyperplane with
/// probability 1 - a / pi (M. Charikar, STOC 2002), so in a table they share the token with its
/// `bits`-th power, and the more tables they share it in, the nearer they are.
///
/// Retrieval is of two levels, as PinSage's is: the lists of the query's tokens are merged, and the
/// rows with enough tokens in common, a Weak AND (A. Broder and others, CIKM 2003), are what is
/// compared by the vectors themselves.
///
/// Tokens know directions alone. By inner product, where one vector is much longer than the
/// others, it is found only where it also lies in the query's direction.
package struct TokenTables: Sendable {
    package let count: Int
    package let dimension: Int
    package let tableCount: Int
    /// The length of a token.
    package let bits: Int
    /// (dimension).
    let mean: MappedArray<Float>
    /// (tables * bits, dimension).
    let hyperplanes: MappedArray<Float>
    /// Where the list of each token begins in its table, and the last one ends
    /// (tables, 2^bits + 1).
    let bounds: MappedArray<UInt32>
    /// The rows of each list, ascending (tables, count).
    let rows: MappedArray<UInt32>
    let kernels = KernelSet.best

    /// How many lists there are in all tables.
    package var tokenCount: Int { tableCount << bits }

    /// Where the list of `token` lies in ``rows``.
    func list(table: Int, token: Int) -> Range<Int> {
        let place = table * ((1 << bits) + 1) + token
        let first = table * count
        return first + Int(bounds[place])..<first + Int(bounds[place + 1])
    }
}

extension TokenTables {
    /// Reads its file, so that no search has to wait for it.
    package func warm() {
        rows.warm()
    }
}
