import Foundation

/// What the system refused to do.
package struct ReactorError: Error, CustomStringConvertible {
    /// What it was to do, such as "make an event loop".
    package let attempt: String
    /// What `errno` said.
    package let number: Int32

    /// What `errno` says of an attempt to do something.
    init(_ attempt: String) {
        number = errno
        self.attempt = attempt
    }

    package var description: String {
        "cannot \(attempt): \(unsafe String(cString: strerror(number)))"
    }
}
