import Faiss
package import Files
import Foundation

/// A search, a generation or a build that could not be done.
package struct RetrievalError: Error, Equatable, CustomStringConvertible {
    /// What went wrong, for code that wants to tell the cases apart.
    package enum Code: Sendable {
        /// An argument that cannot be right: a dimension, a k, a vector, a setting, a parameter.
        case invalid
        /// What was asked for does not exist.
        case missing
        /// Bytes on disk are not what was written.
        case damaged
        /// Sound bytes that do not belong here: another format, or another store.
        case mismatched
        /// Another process works in the folder.
        case locked
        /// The disk is full, or as many files are open as may be.
        case exhausted
        /// The system refused: disk, memory, permissions.
        case failed
    }

    package let code: Code
    /// A sentence with the offending value, and what to do next.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package init(_ error: FileError) {
        let code: Code =
            switch error.code {
            case .missing: .missing
            case .damaged: .damaged
            case .locked: .locked
            case .exhausted: .exhausted
            case .inaccessible: .failed
            }
        self.init(code, error.description)
    }

    init(_ error: FaissError) {
        self.init(error.code == .argument ? .invalid : .failed, error.description)
    }
}

extension RetrievalError: LocalizedError {
    package var errorDescription: String? { description }
}

/// Runs `body` and reports its file errors as errors of this room.
func reportingFiles<Result: ~Copyable>(
    _ body: () throws(FileError) -> Result
) throws(RetrievalError) -> Result {
    do {
        return try body()
    } catch {
        throw RetrievalError(error)
    }
}

/// Runs `body` and reports its Faiss errors as errors of this room.
func reportingFaiss<Result: ~Copyable>(
    _ body: () throws(FaissError) -> Result
) throws(RetrievalError) -> Result {
    do {
        return try body()
    } catch {
        throw RetrievalError(error)
    }
}
