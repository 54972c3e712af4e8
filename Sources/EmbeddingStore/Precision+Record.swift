import Vectors

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
