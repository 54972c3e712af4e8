import Vectors

/// The payload of an embedding version's record, whose key is the number in 4 bytes.
///
/// ```
/// offset  size  content
/// 0       4     the number of embeddings
/// 4       4     the dimension
/// 8       …     the metric's name, a text
/// …       …     the note, a text
/// …       1     2 where values are 16-bit floats; left out where they are 32-bit ones
/// …       …     the context map, dimension x dimension floats, where there is one
/// ```
extension EmbeddingVersion {
    var payload: [UInt8] {
        var payload: [UInt8] = []
        payload.append(littleEndian: UInt32(clamping: count))
        payload.append(littleEndian: UInt32(clamping: dimension))
        payload.append(text: metric.rawValue)
        payload.append(text: note)
        // What is left out is what versions were that knew no such thing.
        if precision == .fp16 {
            payload.append(UInt8(precision.size))
        }
        for value in contextMap?.elements ?? [] {
            payload.append(littleEndian: value.bitPattern)
        }
        return payload
    }

    /// Decodes a payload; nil where it is not one.
    init?(number: Int, payload: RawSpan) {
        var reader = RecordReader(payload)
        guard let count = reader.integer(UInt32.self), let dimension = reader.integer(UInt32.self),
            let metric = reader.text().flatMap(Metric.init), let note = reader.text(),
            case let (size, tooLarge) = Int(dimension).multipliedReportingOverflow(
                by: 4 * Int(dimension)
            )
        else { return nil }
        // A map takes a multiple of 4 bytes, so an odd one says how exact the values are.
        var precision = Precision.fp32
        if !reader.remaining.isMultiple(of: 4) {
            guard reader.integer(UInt8.self) == UInt8(Precision.fp16.size) else { return nil }
            precision = .fp16
        }
        guard reader.remaining == 0 || (!tooLarge && reader.remaining == size) else { return nil }
        var elements: [Float] = []
        elements.reserveCapacity(reader.remaining / 4)
        while let bits = reader.integer(UInt32.self) {
            elements.append(Float(bitPattern: bits))
        }
        guard elements.allSatisfy(\.isFinite) else { return nil }
        self.init(
            number: number,
            count: Int(count),
            dimension: Int(dimension),
            metric: metric,
            precision: precision,
            note: note,
            contextMap: elements.isEmpty
                ? nil
                : Matrix(rows: Int(dimension), columns: Int(dimension), elements: elements)
        )
    }
}
