import Foundation
import Testing

/// A file in `Golden`: a comment, and lines of some kinds, told apart by their first letter.
struct GoldenFile: Sendable, CustomTestStringConvertible {
    let name: String
    let comment: String
    let lines: [String]

    var testDescription: String { name }

    /// The files of a folder in `Golden`, by name.
    static func all(in folder: String) -> [GoldenFile] {
        let folder = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .appendingPathComponent("Golden/\(folder)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            let path = folder.appendingPathComponent(name).path
            guard let bytes = FileManager.default.contents(atPath: path) else { return nil }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            return GoldenFile(
                name: String(name.dropLast(".txt".count)),
                comment: lines.first.map { String($0.dropFirst(2)) } ?? "",
                lines: lines.dropFirst().map(String.init)
            )
        }
    }
}

/// The bytes that a line of hexadecimal digits stands for; `00*N` is N times the byte.
func goldenBytes(_ hex: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    for word in hex.split(separator: " ") {
        let parts = word.split(separator: "*")
        var digits = parts[0][...]
        var read: [UInt8] = []
        while !digits.isEmpty {
            guard digits.count >= 2, let byte = UInt8(digits.prefix(2), radix: 16) else {
                return nil
            }
            read.append(byte)
            digits = digits.dropFirst(2)
        }
        if parts.count == 2 {
            guard let count = Int(parts[1]), read.count == 1 else { return nil }
            read = Array(repeating: read[0], count: count)
        }
        bytes += read
    }
    return bytes
}

/// These bytes as hexadecimal digits.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
