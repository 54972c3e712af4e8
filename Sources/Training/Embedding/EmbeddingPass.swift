package import Foundation
package import PinSage
import Vectors

/// Where a pass over all items stands.
package struct EmbeddingProgress: Sendable {
    package enum Stage: Sendable, Equatable {
        case walks
        case input
        /// A convolve layer, the first of which is 1; the last one makes the embeddings.
        case layer(Int, of: Int)
    }

    package let stage: Stage
    /// How many of all items the stage is done with.
    package let done: Int
    package let count: Int
}

extension Model {
    /// How many items are embedded at a time, which takes some ten megabytes.
    ///
    /// OpenBLAS works on tiles of some rows, and may add in another order where a tile is cut: a
    /// power of two this large cuts none, which keeps the bytes that one product of all rows has.
    package static var chunk: Int { 8192 }

    /// The embedding of every item, row u for item u: each layer runs once over all items, so no
    /// vector is computed twice.
    ///
    /// Layer after layer every item is projected, joined with its neighbours, and their projected
    /// vectors are pooled (the two jobs a layer of section 3.4 of the paper), `chunk` items at a
    /// time. What one layer leaves to the next lies in scratch files on the disk of `folder`, as
    /// do the embeddings: up to four matrices (items, d) at once. Memory holds one chunk.
    ///
    /// - Throws: `FileError` where the disk has no room; what `items` throws.
    package func embedAll(
        _ items: ItemSource,
        scratch folder: URL,
        chunk: Int = Model.chunk,
        threads: Int,
        progress: (EmbeddingProgress) -> Void = { _ in }
    ) throws -> MappedMatrix {
        try withoutActuallyEscaping(progress) { progress in
            try EmbeddingPass(
                model: self,
                items: items,
                folder: folder,
                chunk: chunk,
                threads: threads,
                progress: progress
            ).embeddings()
        }
    }
}

/// One pass over all items.
///
/// Names: n items, d dimension, m hidden width.
private struct EmbeddingPass {
    let model: Model
    let items: ItemSource
    let folder: URL
    let chunk: Int
    let threads: Int
    let progress: (EmbeddingProgress) -> Void

    /// What a layer reads of all items.
    struct Level {
        let vectors: MappedMatrix  // h (n, d)
        let projected: MappedMatrix  // ReLU(Q h + q), by the layer that reads it (n, m)
    }

    func embeddings() throws -> MappedMatrix {
        var level = try level(0) { model.input(try items.inputs($0), threads: threads) }
        let (input, last) = (level.vectors, model.settings.layers)
        for layer in 1..<last {
            level = try self.level(layer) { range in
                convolve(level, range, items.neighbourhoods(range), layer: layer)
            }
        }
        var embeddings = ScratchMatrix(columns: model.settings.dimension, in: folder)
        for range in chunks {
            let neighbourhoods = items.neighbourhoods(range)
            try embeddings.append(
                model.embeddings(
                    convolve(level, range, neighbourhoods, layer: last),
                    own: input.matrix(ofRows: range),
                    input: input,
                    neighbourhoods,
                    threads: threads
                )
            )
            note(range, layer: last)
        }
        return try embeddings.mapped()
    }

    private var chunks: [Range<Int>] { (0..<items.count).chunks(of: chunk) }

    /// What `layer` makes of all items, and the next one's projection of it.
    private func level(_ layer: Int, _ vectors: (Range<Int>) throws -> Matrix) throws -> Level {
        var all = ScratchMatrix(columns: model.settings.dimension, in: folder)
        var projected = ScratchMatrix(columns: model.settings.hidden, in: folder)
        for range in chunks {
            let vectors = try vectors(range)
            try all.append(vectors)
            try projected.append(model.project(vectors, layer: layer, threads: threads))
            note(range, layer: layer)
        }
        return Level(vectors: try all.mapped(), projected: try projected.mapped())
    }

    /// The output of `layer`, the first of which is 1, for some items.
    private func convolve(
        _ level: Level,
        _ range: Range<Int>,
        _ neighbourhoods: SparseRows,
        layer: Int
    ) -> Matrix {
        model.convolve(
            level.vectors.matrix(ofRows: range),
            with: level.projected,
            neighbourhoods,
            layer: layer - 1,
            threads: threads
        )
    }

    private func note(_ range: Range<Int>, layer: Int) {
        progress(
            EmbeddingProgress(
                stage: layer == 0 ? .input : .layer(layer, of: model.settings.layers),
                done: range.upperBound,
                count: items.count
            )
        )
    }
}
