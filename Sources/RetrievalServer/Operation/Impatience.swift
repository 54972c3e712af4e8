import Foundation
import Logging
import UnixSignals

/// Ends the process at once when it is asked to end a second time.
///
/// The first SIGTERM or SIGINT is for the services, which let calls in flight end. The socket's file
/// has gone by the second, and nothing else needs care: what is on the disk is whole at any time.
///
/// `signals` are both of these, caught since before the services began to.
func endAtSecond(of signals: UnixSignalsSequence, _ logger: Logger) async {
    var isAsked = false
    for await signal in signals {
        if isAsked {
            logger.warning("asked to end a second time", metadata: ["signal": "\(signal)"])
            _exit(128 + signal.rawValue)
        }
        isAsked = true
    }
}
