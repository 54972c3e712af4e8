import Vectors

/// How exactly a version keeps the values of its embeddings.
package enum Precision: String, Encodable, Sendable, CaseIterable {
    /// 32-bit floats, as they were computed.
    case fp32
    /// 16-bit floats, which take half the room and keep three digits.
    case fp16

    /// The bytes of one value.
    var size: Int {
        switch self {
        case .fp32: 4
        case .fp16: 2
        }
    }

    /// The largest value that can be kept.
    package var largest: Float {
        switch self {
        case .fp32: .greatestFiniteMagnitude
        case .fp16: Float(Float16.greatestFiniteMagnitude)
        }
    }
}

extension Precision {
    /// The bytes of a vector.
    func payload(_ vector: Span<Float>) -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(size * vector.count)
        for index in vector.indices {
            switch self {
            case .fp32: payload.append(littleEndian: vector[index].bitPattern)
            case .fp16: payload.append(littleEndian: Float16(vector[index]).bitPattern)
            }
        }
        return payload
    }

    /// Sets a row of `matrix` to the vector of those bytes, `size` for each of its columns.
    func read(_ payload: RawSpan, to matrix: inout Matrix, row: Int) {
        let range = matrix.range(ofRow: row)
        var reader = RecordReader(payload)
        var elements = matrix.elements.mutableSpan
        for index in range {
            switch self {
            case .fp32:
                elements[index] = reader.integer(UInt32.self).map(Float.init(bitPattern:)) ?? .nan
            case .fp16:
                let value = reader.integer(UInt16.self).map(Float16.init(bitPattern:)) ?? .nan
                elements[index] = Float(value)
            }
        }
    }
}
