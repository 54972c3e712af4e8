import Foundation

/// What a command came to: for people as text, for programs as one JSON object.
package protocol Report: Encodable, CustomStringConvertible {}

extension Report {
    /// The report as one line of JSON with sorted keys.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
