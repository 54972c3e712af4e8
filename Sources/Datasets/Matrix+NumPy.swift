import Files
package import Foundation
package import Vectors

extension Matrix {
    /// Replaces the file at `url` by this matrix, in NumPy's format (version 1.0, `<f4`).
    package func writeNumPy(to url: URL) throws {
        var dictionary =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        // The values begin at a multiple of 64, as NumPy's own do.
        let prefix = 10
        let end = (prefix + dictionary.utf8.count + 1 + 63) / 64 * 64
        let padding = end - prefix - dictionary.utf8.count - 1
        dictionary += String(repeating: " ", count: padding) + "\n"
        let length = UInt16(dictionary.utf8.count)
        let magic: [UInt8] = [0x93] + "NUMPY".utf8 + [1, 0]
        try replaceFile(at: url) { (writer) throws(FileError) in
            try writer.append(magic)
            try writer.append([UInt8(length & 0xFF), UInt8(length >> 8)])
            try writer.append(dictionary)
            try writer.append(elements)
        }
    }
}
