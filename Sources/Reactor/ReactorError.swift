import Foundation

/// What the system refused to do.
package struct ReactorError: Error, CustomStringConvertible {
    package let description: String

    /// What `errno` says of an attempt to do something.
    init(_ attempt: String) {
        let number = errno
        let reason = unsafe String(cString: strerror(number))
        description = "cannot \(attempt): \(reason)"
    }
}
