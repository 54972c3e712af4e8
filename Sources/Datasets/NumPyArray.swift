import Files
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
    /// The values as 32-bit floats; an array of one dimension is one row.
    package func matrix() -> Matrix {
        let columns = shape.last ?? 0
        let rows = shape.count == 1 ? 1 : shape.first ?? 0
        var elements: [Float] = []
        elements.reserveCapacity(rows * columns)
        for index in 0..<rows * columns {
            switch element {
            case .float16: elements.append(Float(Float16(bitPattern: integer(index))))
            case .float32: elements.append(Float(bitPattern: integer(index)))
            case .float64: elements.append(Float(Double(bitPattern: integer(index))))
            case .uint8: elements.append(Float(integer(index) as UInt8))
            case .int32: elements.append(Float(integer(index) as Int32))
            case .int64: elements.append(Float(integer(index) as Int64))
            }
        }
        return Matrix(rows: rows, columns: columns, elements: elements)
    }

    /// The values as integers, row after row.
    ///
    /// - Throws: ``DatasetError`` where they are floats.
    package func integers() throws(DatasetError) -> [Int] {
        let indices = 0..<shape.reduce(1, *)
        switch element {
        case .uint8: return indices.map { Int(integer($0) as UInt8) }
        case .int32: return indices.map { Int(integer($0) as Int32) }
        case .int64: return indices.map { Int(integer($0) as Int64) }
        case .float16, .float32, .float64:
            throw DatasetError(
                .malformed,
                "\(path) holds floats (\(element.rawValue)) where integers are needed; "
                    + "convert it with astype('<i8')"
            )
        }
    }

    /// The bits of the value at a position.
    private func integer<Bits: FixedWidthInteger & BitwiseCopyable>(_ index: Int) -> Bits {
        let size = MemoryLayout<Bits>.size
        let values = unsafe bytes.span.bytes
        // `index` lies in the shape, whose bytes the initialiser found in the file.
        let bits = unsafe values.unsafeLoadUnaligned(fromByteOffset: index * size, as: Bits.self)
        return Bits(littleEndian: bits)
    }
}
