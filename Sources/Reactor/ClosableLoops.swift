package import Dispatch
package import NIOCore

/// Event loops whose end one may wait for, by ``close()`` or as NIO asks for it.
package protocol ClosableLoops: EventLoopGroup {
    /// Ends the threads when they have done what they were asked for, and returns then.
    func close() async
}

extension ClosableLoops {
    package func shutdownGracefully(
        queue: DispatchQueue,
        _ callback: @escaping @Sendable ((any Error)?) -> Void
    ) {
        Task {
            await close()
            queue.async { callback(nil) }
        }
    }
}
