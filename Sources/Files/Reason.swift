import Foundation

extension Error {
    /// Why a file could not be read or written: in the system's words, where Foundation has only put
    /// its own in front.
    package var reason: String {
        let underlying = (self as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        guard let cause = underlying.map({ $0 as NSError }), cause.domain == NSPOSIXErrorDomain
        else { return localizedDescription }
        return unsafe String(cString: strerror(Int32(cause.code)))
    }
}
