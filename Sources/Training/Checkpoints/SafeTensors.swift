import Files
package import Foundation
package import Vectors

/// A `.safetensors` file of float matrices and strings, as other tools read it.
///
/// Layout: u64 length of the header, little-endian; the header, a JSON object that gives each
/// tensor's type, shape and place, padded with spaces to a multiple of 8; then the values. The
/// strings are the header's `__metadata__`; one of them is the SHA-256 of all that the file says.
package struct SafeTensors: Sendable, Equatable {
    package var tensors: [String: Matrix] = [:]
    package var metadata: [String: String] = [:]

    package init() {}

    private struct Entry: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]  // swift-format-ignore: AlwaysUseLowerCamelCase
    }

    private enum Header: Codable {
        case tensor(Entry)
        case metadata([String: String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let strings = try? container.decode([String: String].self) {
                self = .metadata(strings)
            } else {
                self = .tensor(try container.decode(Entry.self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .tensor(let entry): try container.encode(entry)
            case .metadata(let strings): try container.encode(strings)
            }
        }
    }

    private static let metadataName = "__metadata__"
    private static let digestName = "sha256"

    /// The SHA-256 of all strings and tensors, with their names, in the order of their names.
    private var digest: String {
        var builder = DigestBuilder()
        func append(_ text: String) {
            let bytes = [UInt8](text.utf8)
            unsafe builder.append(bytes.span.bytes)
        }
        for (name, text) in metadata.sorted(by: { $0.key < $1.key }) {
            append("\(name.utf8.count) \(name) \(text.utf8.count) \(text)")
        }
        for (name, matrix) in tensors.sorted(by: { $0.key < $1.key }) {
            append("\(name.utf8.count) \(name) \(matrix.rows) \(matrix.columns) ")
            unsafe builder.append(matrix.elements.span.bytes)
        }
        return builder.finish().hexadecimal
    }

    /// Writes the file atomically, the tensors in the order of their names.
    package func write(to url: URL) throws {
        let strings = metadata.merging([Self.digestName: digest]) { _, digest in digest }
        var header = [Self.metadataName: Header.metadata(strings)]
        var offset = 0
        let ordered = tensors.sorted { $0.key < $1.key }
        for (name, matrix) in ordered {
            let end = offset + matrix.elements.count * MemoryLayout<Float>.size
            header[name] = .tensor(
                Entry(
                    dtype: "F32",
                    shape: [matrix.rows, matrix.columns],
                    data_offsets: [offset, end]
                )
            )
            offset = end
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var json = [UInt8](try encoder.encode(header))
        json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
        try replaceFile(at: url) { (file) throws(FileError) in
            try file.append([UInt64(json.count)])
            try file.append(json)
            for (_, matrix) in ordered {
                try file.append(matrix.elements)
            }
        }
    }

    /// Reads a file of two-dimensional float tensors.
    ///
    /// - Throws: ``FileError`` where the file is missing, or is not what its header says.
    package init(contentsOf url: URL) throws {
        let file = try MappedFile(at: url)
        func damaged(_ what: String) -> FileError {
            FileError(.damaged, "\(url.path) \(what); train again, or take another checkpoint")
        }
        let size = try file.array(of: UInt64.self, at: 0, count: 1)[0]
        guard let headerSize = Int(exactly: size), headerSize <= file.byteCount - 8,
            headerSize.isMultiple(of: 8)
        else { throw damaged("is not a checkpoint of Corkboard") }
        let json = try file.array(of: UInt8.self, at: 8, count: headerSize).elements
        let header: [String: Header]
        do {
            header = try JSONDecoder().decode([String: Header].self, from: Data(json))
        } catch {
            throw damaged("has a header that cannot be read (\(error))")
        }
        for (name, value) in header {
            switch value {
            case .metadata(let strings):
                guard name == Self.metadataName else {
                    throw damaged("has strings, \(name), in the place of a tensor")
                }
                metadata = strings
            case .tensor(let entry):
                guard entry.dtype == "F32", entry.shape.count == 2, entry.data_offsets.count == 2,
                    let rows = entry.shape.first, let columns = entry.shape.last,
                    rows >= 0, columns >= 0,
                    let start = entry.data_offsets.first, start >= 0, start < file.byteCount,
                    case let (count, tooLarge) = rows.multipliedReportingOverflow(by: columns),
                    !tooLarge, count <= file.byteCount,
                    entry.data_offsets.last == start + 4 * count
                else { throw damaged("has a tensor, \(name), that is not a float matrix") }
                let values = try file.array(
                    of: Float.self,
                    at: 8 + headerSize + start,
                    count: count
                )
                tensors[name] = Matrix(rows: rows, columns: columns, elements: values.elements)
            }
        }
        guard metadata.removeValue(forKey: Self.digestName) == digest else {
            throw damaged("is damaged: its SHA-256 is not what it says")
        }
    }
}
