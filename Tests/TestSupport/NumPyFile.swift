package import Foundation

/// A .npy file with this dictionary and these values, as NumPy writes it.
package func npy(_ dictionary: String, _ values: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let text = [UInt8](dictionary.utf8) + [10]
    let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(text.count >> (8 * $0) & 0xFF) }
    return [0x93] + "NUMPY".utf8 + [version, 0] + length + text + values
}

/// The dictionary of an array in C order.
package func npyDictionary(_ element: String, _ shape: String) -> String {
    "{'descr': '\(element)', 'fortran_order': False, 'shape': \(shape), }"
}

/// Writes numbers as a .npy file of so many rows; the type of the numbers is that of the file.
package func writeNumPy<Number: BitwiseCopyable>(
    _ numbers: [Number],
    element: String,
    rows: Int,
    to url: URL
) throws {
    let shape = "(\(rows), \(rows == 0 ? 0 : numbers.count / rows))"
    let bytes = unsafe numbers.withUnsafeBytes { unsafe [UInt8]($0) }
    try Data(npy(npyDictionary(element, shape), bytes)).write(to: url)
}
