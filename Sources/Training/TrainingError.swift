import Foundation

/// A training run that cannot go on, or a checkpoint that cannot be used.
package struct TrainingError: Error, Equatable, CustomStringConvertible, LocalizedError {
    /// A sentence that names the value and what to do next.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    package var errorDescription: String? { description }
}
