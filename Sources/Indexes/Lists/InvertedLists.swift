import Files
import Kernels

/// Inverted lists of codes: an index that finds the rows whose vectors are likely to be near, for
/// whoever then compares the vectors.
///
/// Each vector lies in the list of its nearest centroid c, as a code of r = x - c. Its score by a
/// query q is estimated with the vector r' that the code stands for:
///
///     ip, cosine   <q, x>      ~ <q, c> + <q - m, r'> + <m, r'>
///     l2           -|q - x|^2  ~ -|q - c|^2 + 2 <q - m, r'> + 2 <m, r'> - |r|^2 - 2 <c, r'>
///
/// m is the mean of the vectors that were clustered. The first term belongs to the list; the last ones, with the
/// opposite sign, are the code's *offset*, known beforehand; <q - m, r'> is a sum over the parts of
/// the code, of terms that one set of tables has for all lists. Without m the tables would spend
/// their 255 steps on what all vectors have in common.
package struct InvertedLists: Sendable {
    package let count: Int
    package let dimension: Int
    package let isEuclidean: Bool
    package let form: CodeForm
    /// (dimension).
    let mean: MappedArray<Float>
    /// (lists, dimension).
    let centroids: MappedArray<Float>
    /// The centroids less the mean, as codes of bytes, to rank the lists by.
    let centroidBlocks: MappedArray<UInt8>
    /// What one step of a byte is worth in ``centroidBlocks``.
    let centroidStep: Float
    /// (parts, width, 16); none for codes of bytes.
    let codebooks: MappedArray<Float>
    /// What one step of a byte is worth in codes of bytes.
    let codeStep: Float
    /// The first block of each list, and the end of the last (lists + 1).
    let bounds: MappedArray<UInt32>
    /// The row of each position (16 * blocks).
    let rows: MappedArray<UInt32>
    let blocks: MappedArray<UInt8>
    let kernels = KernelSet.best

    /// How many lists there are.
    package var listCount: Int { bounds.count - 1 }

    /// The size of the codes of all lists.
    package var byteCount: Int { blocks.count }

    /// The groups of a code's block.
    var groups: Int { form.groups(dimension: dimension) }
    var centroidGroups: Int { CodeForm.bytes.groups(dimension: dimension) }
}

extension InvertedLists {
    /// Reads its file, so that no search has to wait for it.
    package func warm() {
        blocks.warm()
    }
}
