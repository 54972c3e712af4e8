import Kernels
import Vectors

/// Writes vectors as codes of what they are more than their centroids.
struct ListCoder: Sendable {
    /// The codes of all vectors, in the order of their rows.
    struct Codes: Sendable {
        /// (count, parts or bytes): a row of a codebook, or a byte.
        var values: [UInt8]
        /// (count).
        var offsets: [Float]
        var length: Int
    }

    let form: CodeForm
    let isEuclidean: Bool
    let mean: [Float]
    let centroids: Matrix
    let codebooks: [Float]
    /// What a step of a byte is worth.
    let step: Float

    /// The numbers of a code.
    var length: Int {
        let room = form.room(dimension: centroids.columns)
        return switch form {
        case .parts(let width): room / width
        case .bytes: room
        }
    }

    func encode(_ vectors: Matrix, _ lists: [UInt32], threads: Int) -> Codes {
        let parts = mapInParallel(over: vectors.rows, threads: threads) { rows in
            var codes = Codes(values: [], offsets: [], length: length)
            codes.values.reserveCapacity(rows.count * length)
            codes.offsets.reserveCapacity(rows.count)
            var rest = [Float](repeating: 0, count: form.room(dimension: vectors.columns))
            var code = [UInt8](repeating: 0, count: length)
            for row in rows {
                let offset = encode(vectors, row, Int(lists[row]), &rest, into: &code)
                codes.values += code
                codes.offsets.append(offset)
            }
            return codes
        }
        var all = Codes(values: [], offsets: [], length: length)
        all.values.reserveCapacity(vectors.rows * length)
        for part in parts {
            all.values += part.values
            all.offsets += part.offsets
        }
        return all
    }

    /// Sets `code` to that of a row, and says its offset; `rest` has room for what the row is more
    /// than its centroid.
    private func encode(
        _ vectors: Matrix,
        _ row: Int,
        _ list: Int,
        _ rest: inout [Float],
        into code: inout [UInt8]
    ) -> Float {
        let dimension = vectors.columns
        let vector = vectors.elements.span.extracting(vectors.range(ofRow: row))
        let centroid = centroids.elements.span.extracting(centroids.range(ofRow: list))
        var squares: Float = 0
        for column in 0..<dimension {
            rest[column] = vector[column] - centroid[column]
            squares += rest[column] * rest[column]
        }
        switch form {
        case .parts(let width):
            var span = code.mutableSpan
            KernelSet.best.encode(
                rest.span,
                codebooks: codebooks.span,
                width: width,
                into: &span
            )
        case .bytes:
            for column in 0..<length {
                code[column] = byte(rest[column], step: step)
            }
        }
        // See InvertedLists.
        var (withMean, withCentroid): (Float, Float) = (0, 0)
        for column in 0..<dimension {
            let value = decoded(code.span, column)
            withMean += mean[column] * value
            withCentroid += centroid[column] * value
        }
        return isEuclidean ? squares + 2 * withCentroid - 2 * withMean : -withMean
    }

    /// The value in `column` that a code stands for.
    private func decoded(_ code: Span<UInt8>, _ column: Int) -> Float {
        switch form {
        case .parts(let width):
            let row = Int(code[column / width])
            return codebooks[column * CodeBlocks.codeCount + row]
        case .bytes:
            return step * (Float(code[column]) - 128)
        }
    }
}

// MARK: - Blocks

extension ListCoder {
    /// Lists without codes, whose blocks are `bounds`.
    func draft(count: Int, bounds: [UInt32]) -> InvertedListsDraft {
        let blockCount = Int(bounds[bounds.count - 1])
        let groups = form.groups(dimension: mean.count)
        let (centroidBlocks, centroidStep) = codedCentroids()
        var draft = InvertedListsDraft(
            form: form,
            count: count,
            isEuclidean: isEuclidean,
            mean: mean,
            centroids: centroids,
            centroidBlocks: centroidBlocks,
            centroidStep: centroidStep,
            codebooks: codebooks,
            codeStep: form == .bytes ? step : 0,
            bounds: bounds,
            rows: [UInt32](
                repeating: InvertedLists.noRow,
                count: blockCount * CodeBlocks.codeCount
            ),
            blocks: []
        )
        draft.blocks = emptyBlocks(blockCount, groups: groups)
        return draft
    }

    /// The centroids less the mean, in bytes, with offsets that rank them by their nearness.
    private func codedCentroids() -> (blocks: [UInt8], step: Float) {
        let dimension = centroids.columns
        let groups = CodeForm.bytes.groups(dimension: dimension)
        let codeCount = CodeBlocks.codeCount
        var largest: Float = 0
        for list in 0..<centroids.rows {
            for column in 0..<dimension {
                largest = max(largest, abs(centroids[list, column] - mean[column]))
            }
        }
        let step = largest / 127
        var blocks = emptyBlocks((centroids.rows + codeCount - 1) / codeCount, groups: groups)
        for list in 0..<centroids.rows {
            var code = [UInt8](repeating: 128, count: groups * 4)
            var (squares, withMean): (Float, Float) = (0, 0)
            for column in 0..<dimension {
                let value = centroids[list, column] - mean[column]
                code[column] = byte(value, step: step)
                squares += value * value
                withMean += mean[column] * centroids[list, column]
            }
            let offset = isEuclidean ? squares : -withMean
            blocks.putBytes(code.span, offset: offset, at: list, groups: groups)
        }
        return (blocks, step)
    }

    /// Blocks in which every code is infinitely far.
    private func emptyBlocks(_ count: Int, groups: Int) -> [UInt8] {
        let size = CodeBlocks.size(groups: groups)
        var blocks = [UInt8](repeating: 0, count: count * size)
        for position in 0..<count * CodeBlocks.codeCount {
            blocks.putOffset(.infinity, at: position, groups: groups)
        }
        return blocks
    }
}

extension InvertedListsDraft {
    /// Puts the vector of `row` at `position`.
    mutating func put(_ codes: ListCoder.Codes, row: Int, at position: Int) {
        let code = codes.values.span.extracting(row * codes.length..<(row + 1) * codes.length)
        let groups = form.groups(dimension: mean.count)
        rows[position] = UInt32(row)
        switch form {
        case .parts:
            blocks.putParts(code, offset: codes.offsets[row], at: position, groups: groups)
        case .bytes:
            blocks.putBytes(code, offset: codes.offsets[row], at: position, groups: groups)
        }
    }
}

/// The byte that stands for `value`: 128 more than its steps.
private func byte(_ value: Float, step: Float) -> UInt8 {
    // A step below the normal floats is no step: what it divides may be infinite.
    let steps = step.isNormal ? (value / step).rounded() : 0
    return UInt8(max(-127, min(127, steps)) + 128)
}

/// Blocks of codes; CKernelsLists.h draws them.
extension [UInt8] {
    fileprivate mutating func putOffset(_ offset: Float, at position: Int, groups: Int) {
        let start = blockStart(position, groups) + position % CodeBlocks.codeCount * 4
        for byte in 0..<4 {
            self[start + byte] = UInt8(truncatingIfNeeded: offset.bitPattern >> UInt32(8 * byte))
        }
    }

    fileprivate mutating func putParts(
        _ code: Span<UInt8>,
        offset: Float,
        at position: Int,
        groups: Int
    ) {
        putOffset(offset, at: position, groups: groups)
        let codes = blockStart(position, groups) + CodeBlocks.groupSize
        for part in code.indices {
            let (group, rest) = part.quotientAndRemainder(dividingBy: 8)
            let byte = group * CodeBlocks.groupSize + rest % 4 * CodeBlocks.codeCount
            let place = codes + byte + position % CodeBlocks.codeCount
            self[place] |= rest < 4 ? code[part] : code[part] << 4
        }
    }

    fileprivate mutating func putBytes(
        _ code: Span<UInt8>,
        offset: Float,
        at position: Int,
        groups: Int
    ) {
        putOffset(offset, at: position, groups: groups)
        let codes = blockStart(position, groups) + CodeBlocks.groupSize
        for column in code.indices {
            let place = codes + column / 4 * CodeBlocks.groupSize
            self[place + position % CodeBlocks.codeCount * 4 + column % 4] = code[column]
        }
    }

    private func blockStart(_ position: Int, _ groups: Int) -> Int {
        position / CodeBlocks.codeCount * CodeBlocks.size(groups: groups)
    }
}
