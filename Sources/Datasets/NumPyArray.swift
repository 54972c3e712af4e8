package import Files
package import Foundation
package import Vectors

/// An array in a `.npy` file of one or two dimensions, mapped.
///
/// Understands the versions 1 to 3 of the format, little-endian values, and C order.
///
/// ```swift
/// let vectors = try NumPyArray(contentsOf: url).matrix()
/// ```
package struct NumPyArray: Sendable {
    /// The kinds of values, by NumPy's own description.
    package enum Element: String, Sendable, CaseIterable {
        case float16 = "<f2"
        case float32 = "<f4"
        case float64 = "<f8"
        case uint8 = "|u1"
        case int32 = "<i4"
        case int64 = "<i8"

        /// The size of a value, in bytes.
        package var size: Int {
            switch self {
            case .uint8: 1
            case .float16: 2
            case .float32, .int32: 4
            case .float64, .int64: 8
            }
        }
    }

    package let element: Element
    /// One or two numbers: (count), or (rows, columns).
    package let shape: [Int]
    private let path: String
    /// The values alone, as many as the shape says.
    private let bytes: MappedArray<UInt8>

    /// Maps the file at `url`.
    ///
    /// - Throws: ``DatasetError`` that says what the header or the size of the file breaks.
    package init(contentsOf url: URL) throws(DatasetError) {
        let header: NumPyHeader
        do {
            let file = try MappedFile(at: url)
            let all = try file.array(of: UInt8.self, at: 0, count: file.byteCount)
            header = try Self.header(all.span, path: url.path)
            bytes = try file.array(of: UInt8.self, at: header.size, count: header.valueBytes)
        } catch let error as FileError {
            throw DatasetError(error)
        } catch let error as DatasetError {
            throw error
        } catch {
            throw DatasetError(.inaccessible, "cannot read \(url.path): \(error)")
        }
        element = header.element
        shape = header.shape
        path = url.path
    }

    private static func header(
        _ bytes: Span<UInt8>,
        path: String
    ) throws(DatasetError) -> NumPyHeader {
        do {
            return try NumPyHeader(bytes)
        } catch {
            throw DatasetError(.malformed, "\(path) is no .npy file to read here: \(error.reason)")
        }
    }
}

// MARK: - Values

extension NumPyArray {
    /// The checksum of the values as they lie in the file.
    package var checksum: Checksum { unsafe Checksum(of: bytes.span.bytes) }

    /// How many rows there are; an array of one dimension is one row.
    package var rows: Int { shape.count == 1 ? 1 : shape.first ?? 0 }

    package var columns: Int { shape.last ?? 0 }

    /// The values as 32-bit floats.
    package func matrix() -> Matrix {
        matrix(ofRows: 0..<rows)
    }

    /// The values of some rows as 32-bit floats.
    package func matrix(ofRows rows: some Collection<Int>) -> Matrix {
        // In an array, whatever the collection: the loop over it is compiled for one kind alone.
        let rows = Array(rows)
        let elements: [Float] =
            switch element {
            case .float16: values(rows) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
            case .float32: values(rows) { (bits: UInt32) in Float(bitPattern: bits) }
            case .float64: values(rows) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
            case .uint8: values(rows) { (value: UInt8) in Float(value) }
            case .int32: values(rows) { (value: Int32) in Float(value) }
            case .int64: values(rows) { (value: Int64) in Float(value) }
            }
        return Matrix(rows: rows.count, columns: columns, elements: elements)
    }

    /// The values as integers, row after row.
    ///
    /// - Throws: ``DatasetError`` where they are floats.
    package func integers() throws(DatasetError) -> [Int] {
        let rows = Array(0..<rows)
        switch element {
        case .uint8: return values(rows) { (value: UInt8) in Int(value) }
        case .int32: return values(rows) { (value: Int32) in Int(value) }
        case .int64: return values(rows) { (value: Int64) in Int(value) }
        case .float16, .float32, .float64:
            throw DatasetError(
                .malformed,
                "\(path) holds floats (\(element.rawValue)) where integers are needed; "
                    + "convert it with astype('<i8')"
            )
        }
    }

    /// The values of some rows, each made of its bits in the file.
    private func values<Bits: FixedWidthInteger & BitwiseCopyable, Value>(
        _ rows: [Int],
        _ value: (Bits) -> Value
    ) -> [Value] {
        let (size, columns) = (MemoryLayout<Bits>.size, columns)
        let bytes = unsafe bytes.span.bytes
        return [Value](capacity: rows.count * columns) { values in
            for row in rows {
                // The header may have any length, so the values may lie at any address.
                for place in row * columns..<(row + 1) * columns {
                    let bits = unsafe bytes.unsafeLoadUnaligned(
                        fromByteOffset: place * size,
                        as: Bits.self
                    )
                    values.append(value(Bits(littleEndian: bits)))
                }
            }
        }
    }
}
