import NIOCore
import Wire

/// What has to be ended with a call that is not answered yet.
struct CallInFlight {
    let pending: PendingCall
    let end: Scheduled<Void>?
    let sender: Task<Void, Never>?

    init(_ pending: PendingCall, end: Scheduled<Void>?, sender: Task<Void, Never>? = nil) {
        self.pending = pending
        self.end = end
        self.sender = sender
    }

    /// The bytes that its request keeps in memory.
    var size: Int { pending.call.payload.count }

    func cancel() {
        pending.cancel()
        end?.cancel()
        sender?.cancel()
    }
}

extension Result where Success == CallResult, Failure == any Error {
    /// Work that failed without a status becomes UNKNOWN, as in ttrpc's own library.
    func flatten() -> CallResult {
        switch self {
        case .success(let result): result
        case .failure(let error as CallError): .failure(error)
        case .failure(let error): .failure(CallError(.unknown, "\(error)"))
        }
    }
}
