import Foundation

/// A command that cannot be carried out.
package struct CommandError: Error, Equatable, CustomStringConvertible, LocalizedError {
    /// A sentence that names the value and the next step.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    package var errorDescription: String? { description }
}
