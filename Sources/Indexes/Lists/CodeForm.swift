import Kernels

/// How the vectors of inverted lists are written in short.
package enum CodeForm: Sendable, Hashable {
    /// Each part of so many dimensions as the number of the nearest of 16 rows of a codebook, in 4
    /// bits: a product quantizer (Jegou and others, PAMI 2011), whose sums a processor looks up
    /// sixty-four at a time.
    case parts(width: Int)
    /// Each dimension in a byte.
    case bytes

    /// The form of so many bits for each dimension: 1, 2, 4 or 8.
    package init(dimensionBits: Int) {
        precondition([1, 2, 4, 8].contains(dimensionBits), "a dimension has 1, 2, 4 or 8 bits")
        self = dimensionBits == 8 ? .bytes : .parts(width: 4 / dimensionBits)
    }

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

extension CodeForm: CustomStringConvertible {
    package var description: String {
        switch self {
        case .parts(let width):
            "4 bits for \(width == 1 ? "each dimension" : "\(width) dimensions")"
        case .bytes: "8 bits for each dimension"
        }
    }
}
