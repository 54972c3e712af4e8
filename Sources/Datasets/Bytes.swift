import Files
import Foundation

/// The bytes of a text, in ASCII.
enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let hash = UInt8(ascii: "#")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let zero = UInt8(ascii: "0")
    static let nine = UInt8(ascii: "9")
}

extension String {
    /// The text of UTF-8 bytes; nil where they are not valid.
    init?(_ bytes: Span<UInt8>) {
        let text = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe String(validating: bytes, as: UTF8.self)
        }
        guard let text else { return nil }
        self = text
    }

    /// The text of UTF-8 bytes, with a replacement character for what is not valid.
    init(decoding bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension Span<UInt8> {
    /// Where `byte` comes first in `range`; nil where it does not.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// The range without spaces, tabs and line ends at both its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(self[start]) { start += 1 }
        while start < end, isBlank(self[end - 1]) { end -= 1 }
        return start..<end
    }
}

/// Whether a byte is a space, tab or line end.
func isBlank(_ byte: UInt8) -> Bool {
    byte == Byte.space || byte == Byte.tab || byte == Byte.newline || byte == Byte.carriageReturn
}

/// All bytes of a file, mapped.
func mappedBytes(of url: URL) throws(DatasetError) -> MappedArray<UInt8> {
    do {
        let file = try MappedFile(at: url)
        return try file.array(of: UInt8.self, at: 0, count: file.byteCount)
    } catch {
        throw DatasetError(error)
    }
}
