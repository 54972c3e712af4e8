import Kernels

/// How the vectors of inverted lists are written in short.
package enum CodeForm: Sendable, Hashable {
    /// Each part of so many dimensions as the number of the nearest of 16 rows of a codebook, in 4
    /// bits: a product quantizer (Jegou and others, PAMI 2011), whose sums a processor looks up
    /// sixty-four at a time.
    case parts(width: Int)
    /// Each dimension in a byte.
    case bytes

    /// How many groups of 64 bytes a block of codes of this dimension has.
    func groups(dimension: Int) -> Int {
        switch self {
        case .parts(let width): (dimension + 8 * width - 1) / (8 * width)
        case .bytes: (dimension + 3) / 4
        }
    }

    /// The dimensions that a code has room for; those beyond the vectors' own are zero.
    func room(dimension: Int) -> Int {
        switch self {
        case .parts(let width): groups(dimension: dimension) * 8 * width
        case .bytes: groups(dimension: dimension) * 4
        }
    }
}
