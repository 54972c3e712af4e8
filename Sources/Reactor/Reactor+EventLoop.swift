import Foundation
package import NIOCore
import Synchronization

// An event loop of NIO's kind.
extension Reactor: EventLoop, ClosableLoops {
    package var inEventLoop: Bool { thread.load(ordering: .relaxed) == currentThread() }

    package func execute(_ task: @escaping @Sendable () -> Void) {
        post { $0.append(task) }
    }

    package func scheduleTask<T>(
        deadline: NIODeadline,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        let promise = makePromise(of: T.self)
        var timer: Timer?
        post { inbox in
            timer = inbox.append(at: deadline) { isDue in
                do {
                    guard isDue else { throw EventLoopError.shutdown }
                    promise.assumeIsolated().succeed(try task())
                } catch {
                    promise.fail(error)
                }
            }
        }
        return Scheduled(promise: promise) { [self, timer] in
            guard let timer else { return }
            inbox.withLock { $0.cancel(timer) }
        }
    }

    package func scheduleTask<T>(
        in amount: TimeAmount,
        _ task: @escaping @Sendable () throws -> T
    ) -> Scheduled<T> {
        scheduleTask(deadline: .now() + amount, task)
    }
}
