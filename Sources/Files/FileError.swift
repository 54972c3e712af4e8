import Foundation

/// A file that could not be read, written or trusted.
package struct FileError: Error, Equatable, CustomStringConvertible {
    /// What went wrong, for code that wants to tell the cases apart.
    package enum Code: Sendable {
        case missing
        case inaccessible
        /// The disk is full, or as many files are open as may be.
        case exhausted
        case damaged
        case locked
    }

    package let code: Code
    /// A sentence that names the file, and what to do next where there is something to do.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// The error for a failed system call on `url`, whose `errno` was `number`.
    static func system(_ action: String, _ url: URL, _ number: Int32) -> FileError {
        let reason = unsafe String(cString: strerror(number))
        let advice = adviceOnExhaustion(number)
        let code: Code =
            number == ENOENT ? .missing : advice == nil ? .inaccessible : .exhausted
        let end = advice.map { "; \($0)" } ?? ""
        return FileError(code, "cannot \(action) \(url.path): \(reason)\(end)")
    }
}

extension FileError: LocalizedError {
    package var errorDescription: String? { description }
}
