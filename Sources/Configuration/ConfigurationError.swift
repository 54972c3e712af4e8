import Foundation

/// A setting that does not exist or has a wrong value.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible, LocalizedError {
    /// A sentence that names the setting, where it was given, and what it could be.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    package var errorDescription: String? { description }
}
