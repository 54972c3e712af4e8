import Files
import Foundation
import LMDB
import TestSupport
import Vectors

@testable import EmbeddingStore

/// A new store in a temporary folder, for as long as `body` runs.
func withStore<Result>(_ body: (EmbeddingStore) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in
        try body(EmbeddingStore(at: folder.appendingPathComponent("store"), access: .readWrite))
    }
}

extension EmbeddingStore {
    /// Every record of a table, as the hexadecimal digits of key and value.
    func dump(_ table: Table) throws -> [String] {
        let transaction = try environment.read()
        var cursor = try transaction.cursor(in: table)
        var lines: [String] = []
        while try cursor.advance() {
            lines.append("\(digits(cursor.key)): \(digits(cursor.value))")
        }
        return lines
    }

    /// Stores bytes as they are, without a checksum of their own.
    func overwrite(_ key: [UInt8], with value: [UInt8], in table: Table) throws {
        var transaction = try environment.write()
        try transaction.put(value, for: key, in: table)
        try transaction.commit()
    }

    /// The bytes stored for a key.
    func bytes(of key: [UInt8], in table: Table) throws -> [UInt8] {
        let transaction = try environment.read()
        guard let value = try transaction.value(for: key, in: table) else { return [] }
        return unsafe value.withUnsafeBytes { unsafe [UInt8]($0) }
    }

    /// Changes one bit in the middle of a record.
    func damage(_ key: [UInt8], in table: Table) throws {
        var value = try bytes(of: key, in: table)
        value[value.count - 2] ^= 16
        try overwrite(key, with: value, in: table)
    }
}

private func digits(_ bytes: RawSpan) -> String {
    unsafe bytes.withUnsafeBytes { bytes in
        unsafe bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

let flowers = [
    Item(id: "rose", text: "A red flower.\nIt has thorns.", fields: ["colour": ["red", "white"]]),
    Item(id: "tulip", fields: ["colour": ["yellow"], "bulb": ["true"], "scent": []]),
    Item(id: "größe", text: "ü"),
]

let threeVectors = Matrix(rows: 3, columns: 2, elements: [1, 2, 3, 4, -0.5, .pi])

/// Stands for the checksum of the graph over a catalogue.
let someGraph = Checksum(value: 0x0102_0304_0506_0708)
