import Files
import Foundation
import Wire

/// Why the daemon cannot start, or cannot serve what was published.
package struct RetrievalServerError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        /// Another daemon serves this socket.
        case inUse
        /// The configuration cannot be followed.
        case configuration
        /// The system refused what the daemon needs.
        case system
        /// The system has no more of it: of room on the disk, or of descriptors.
        case exhausted
        /// A generation cannot be trusted, or does not belong to the store.
        case generation
        /// There is no such generation.
        case missing
        /// A generation finds less than the one that is served.
        case worse
        /// The daemon is being stopped.
        case stopping
    }

    package let code: Code
    /// A sentence that names the offending value and the next step.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// What the program ends with where its settings are wrong (EX_CONFIG).
    package static let wrongConfiguration: Int32 = 78

    /// What the program ends with: the numbers of `sysexits.h`.
    package var exitCode: Int32 {
        switch code {
        case .inUse: 75  // EX_TEMPFAIL
        case .configuration: Self.wrongConfiguration
        case .system, .exhausted: 71  // EX_OSERR
        case .generation, .worse: 65  // EX_DATAERR
        case .missing: 66  // EX_NOINPUT
        case .stopping: 75  // EX_TEMPFAIL
        }
    }
}

extension RetrievalServerError {
    static let stopping = RetrievalServerError(.stopping, "draining")
}

extension RetrievalServerError: LocalizedError {
    package var errorDescription: String? { description }
}

extension RetrievalServerError {
    /// The error for a failed system call, from the number that it left in `errno`.
    ///
    /// The number comes first, so that it is read before the text is put together: to allocate
    /// may change `errno`. `next` is what to do about it, where there is something better to say
    /// than is known of the number.
    static func system(
        _ number: Int32,
        _ action: String,
        next: String? = nil
    ) -> RetrievalServerError {
        let reason = unsafe String(cString: strerror(number))
        let advice = adviceOnExhaustion(number)
        let end = (next ?? advice).map { "; \($0)" } ?? ""
        return RetrievalServerError(
            advice == nil ? .system : .exhausted,
            "cannot \(action): \(reason)\(end)"
        )
    }
}

extension CallError {
    /// What a caller hears of it.
    init(_ error: RetrievalServerError) {
        let code: StatusCode =
            switch error.code {
            case .missing: .notFound
            case .generation: .dataLoss
            case .worse: .failedPrecondition
            case .stopping: .unavailable
            case .exhausted: .resourceExhausted
            case .inUse, .configuration, .system: .internal
            }
        self.init(code, error.description)
    }
}
