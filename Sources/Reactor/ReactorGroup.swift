import Foundation
package import NIOCore
import Synchronization

/// Some reactors, which are given out in turn.
package final class ReactorGroup: Sendable {
    private let reactors: [Reactor]
    private let given = Atomic(0)

    /// So many, which look for `pollTime` before they sleep.
    ///
    /// - Throws: ``ReactorError`` where the system has no descriptors left.
    package init(threads: Int, pollTime: TimeAmount = .zero) throws(ReactorError) {
        precondition(threads > 0, "somebody has to do the work")
        var reactors: [Reactor] = []
        do throws(ReactorError) {
            for number in 0..<threads {
                reactors.append(try Reactor(name: "reactor-\(number)", pollTime: pollTime))
            }
        } catch {
            Task { [reactors] in
                for reactor in reactors { await reactor.close() }
            }
            throw error
        }
        self.reactors = reactors
    }

    /// The one whose turn it is.
    package func nextReactor() -> Reactor {
        let number = given.wrappingAdd(1, ordering: .relaxed).oldValue
        return reactors[(number & Int.max) % reactors.count]
    }

    package func close() async {
        for reactor in reactors {
            await reactor.close()
        }
    }
}

extension ReactorGroup: EventLoopGroup, ClosableLoops {
    package func next() -> any EventLoop { nextReactor() }

    package func makeIterator() -> EventLoopIterator { EventLoopIterator(reactors) }
}
