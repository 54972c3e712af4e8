import Foundation

/// A moment of a run, as TensorBoard reads it: the payload of one record of its files.
///
/// It is a protocol buffer of the fields
/// ```
/// Event   { 1: double wall_time   2: int64 step   3: string file_version   5: Summary summary }
/// Summary { 1: repeated Value value }             Value { 1: string tag   2: float simple_value }
/// ```
/// Source: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
struct TensorBoardEvent {
    struct Scalar {
        let tag: String
        let value: Float
    }

    /// Seconds since 1970.
    var time: Double
    var step: Int
    /// Said by the first event of a file, and by no other.
    var fileVersion: String?
    var scalars: [Scalar] = []

    /// The event that a file begins with.
    static func start(time: Double) -> TensorBoardEvent {
        TensorBoardEvent(time: time, step: 0, fileVersion: "brain.Event:2")
    }

    var payload: Data {
        var event = Data()
        event.append(Tag.time)
        event.append(Data(littleEndian: time.bitPattern))
        if step > 0 {  // as everywhere in a protocol buffer, 0 is said by silence
            event.append(Tag.step)
            event.append(varint: step)
        }
        if let fileVersion {
            event.append(Tag.fileVersion, Data(fileVersion.utf8))
        }
        if !scalars.isEmpty {
            event.append(Tag.summary, summary)
        }
        return event
    }

    private var summary: Data {
        scalars.reduce(into: Data()) { summary, scalar in
            var value = Data()
            value.append(Tag.scalarTag, Data(scalar.tag.utf8))
            value.append(Tag.scalarValue)
            value.append(Data(littleEndian: scalar.value.bitPattern))
            summary.append(Tag.value, value)
        }
    }

    /// The step of a payload that was made here; nil for one that was not.
    static func step(of payload: Data) -> Int? {
        guard payload.first == Tag.time else { return nil }
        let bytes = payload.dropFirst(1 + 8)
        guard bytes.first == Tag.step else { return 0 }
        var (step, shift) = (0, 0)
        for byte in bytes.dropFirst() where shift < 63 {
            step |= Int(byte & 0x7F) << shift
            guard byte >= 0x80 else { return step }
            shift += 7
        }
        return nil
    }

    /// Each is the field's number times 8, plus 0 for a varint, 1 for eight bytes, 2 for a length
    /// and as many bytes, 5 for four bytes.
    private enum Tag {
        static let (time, step, fileVersion): (UInt8, UInt8, UInt8) = (0x09, 0x10, 0x1A)
        static let summary: UInt8 = 0x2A
        static let value: UInt8 = 0x0A
        static let (scalarTag, scalarValue): (UInt8, UInt8) = (0x0A, 0x15)
    }
}

extension Data {
    /// Appends a number in groups of seven bits, the lowest first.
    fileprivate mutating func append(varint number: Int) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    /// Appends a field of text, bytes or a message.
    fileprivate mutating func append(_ tag: UInt8, _ bytes: Data) {
        append(tag)
        append(varint: bytes.count)
        append(bytes)
    }
}
