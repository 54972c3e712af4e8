import Logging
import ServiceLifecycle
import UnixSignals

/// Reads the configuration again at every SIGHUP, and takes from it what may change.
///
/// A configuration with anything wrong in it changes nothing.
struct Reloader: Service {
    let supervisor: Supervisor
    let readiness: Readiness
    let logger: Logger
    /// The SIGHUPs, caught since before anybody could be told that the daemon is there.
    let signals: UnixSignalsSequence
    /// Reads the configuration anew, follows what may change, and tells what has; the names of
    /// settings that wait for a restart come second.
    let reload: @Sendable () throws -> (taken: [String], waiting: [String])

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in signals {
                readiness.hold { isReady in
                    if isReady {
                        supervisor.reloading()
                    }
                    follow()
                    if isReady {
                        supervisor.ready()
                    }
                }
            }
        }
    }

    private func follow() {
        do {
            let (taken, waiting) = try reload()
            if taken.isEmpty {
                logger.notice("the configuration is read again: nothing changed")
            } else {
                logger.notice(
                    "the configuration is read again",
                    metadata: ["changed": "\(taken.joined(separator: " "))"]
                )
            }
            if !waiting.isEmpty {
                logger.warning(
                    "some settings are followed at the next start only",
                    metadata: ["settings": "\(waiting.joined(separator: " "))"]
                )
            }
        } catch {
            logger.error(
                "the configuration is refused; the old one stays",
                metadata: ["error": "\(error)"]
            )
        }
    }
}
