import Files
import Foundation

/// Data from outside that cannot be read.
package struct DatasetError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        /// There is no such file or program.
        case missing
        /// The file cannot be opened or read.
        case inaccessible
        /// A line, header or value breaks the format.
        case malformed
        /// There is nothing in it.
        case empty
    }

    package let code: Code
    /// A sentence that names the file, the line and its text, and what to do next.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(_ error: FileError) {
        self.init(error.code == .missing ? .missing : .inaccessible, error.description)
    }

    /// The error for a line that breaks the format; shows the first 80 characters of it.
    static func line(
        _ number: Int,
        of source: String,
        _ text: Span<UInt8>,
        _ reason: String
    ) -> DatasetError {
        // Four bytes are the most that a character of UTF-8 begins with.
        let start = String(decoding: text.extracting(first: 4 * shownLength)).prefix(shownLength)
        return DatasetError(.malformed, "\(source), line \(number): \(reason); it says: \(start)")
    }

    private static let shownLength = 80
}

extension DatasetError: LocalizedError {
    package var errorDescription: String? { description }
}
