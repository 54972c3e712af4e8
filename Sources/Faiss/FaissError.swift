import CFaiss
import Foundation

/// An index that could not be made, filled, searched, written or read.
package struct FaissError: Error, Equatable, CustomStringConvertible {
    /// What went wrong, for code that wants to tell the cases apart.
    package enum Code: Sendable {
        /// An argument that cannot be right; nothing was done.
        case argument
        /// The memory did not suffice.
        case memory
        /// Faiss failed, or the file is not one that it understands.
        case failed
    }

    package let code: Code
    /// A sentence with the offending value.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension FaissError: LocalizedError {
    package var errorDescription: String? { description }
}

extension FaissError {
    /// What the C functions reported.
    init(_ error: CFaissError) {
        let code: Code =
            switch error.status {
            case .argument: .argument
            case .memory: .memory
            case .ok, .faiss, .other: .failed
            }
        let text = unsafe withUnsafeBytes(of: error.message) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        self.init(code, text)
    }

    /// Throws what the C functions reported, unless it is success.
    static func check(_ error: CFaissError) throws(FaissError) {
        guard error.status == .ok else { throw FaissError(error) }
    }
}
