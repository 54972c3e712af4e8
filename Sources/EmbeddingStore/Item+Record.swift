/// The payload of an item's record.
///
/// ```
/// the id, a text
/// the item's text, a text
/// 4 bytes: the number of fields; then for each, in the byte order of their names:
///     the field's name, a text
///     4 bytes: the number of its values; then each value, a text
/// ```
extension Item {
    var payload: [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(id.utf8.count + text.utf8.count + 64)
        payload.append(text: id)
        payload.append(text: text)
        payload.append(littleEndian: UInt32(clamping: fields.count))
        for (name, values) in fields.sorted(by: { precedes($0.key, $1.key) }) {
            payload.append(text: name)
            payload.append(littleEndian: UInt32(clamping: values.count))
            for value in values {
                payload.append(text: value)
            }
        }
        return payload
    }

    /// Decodes a payload; nil where it is not one.
    init?(payload: RawSpan) {
        var reader = RecordReader(payload)
        guard let id = reader.text(), let text = reader.text(), let fieldCount = reader.count()
        else { return nil }
        var fields: [String: [String]] = [:]
        fields.reserveCapacity(fieldCount)
        for _ in 0..<fieldCount {
            guard let name = reader.text(), let valueCount = reader.count() else { return nil }
            var values: [String] = []
            values.reserveCapacity(valueCount)
            for _ in 0..<valueCount {
                guard let value = reader.text() else { return nil }
                values.append(value)
            }
            fields[name] = values
        }
        guard reader.remaining == 0, fields.count == fieldCount else { return nil }
        self.init(id: id, text: text, fields: fields)
    }
}

/// Whether the UTF-8 bytes of one text come before those of another: LMDB's order of keys.
func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
}
