import Dispatch
import Foundation
import NIOCore
import NIOPosix
import Reactor
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing
import Wire

@testable import RetrievalServer

/// What a server that stops owes those who asked before they could know.
struct DrainTests {
    private func path(in folder: URL) -> String { folder.appendingPathComponent("s").path }

    @Test func `what came just before the last answer is refused, not lost`() async throws {
        try await withTemporaryFolder { folder in
            let running = Mutex<EventLoopPromise<CallResult>?>(nil)
            let answer: Answer = { pending, loop in
                guard pending.call.streamID == 1 else { return .now(.success([])) }
                let promise = loop.makePromise(of: CallResult.self)
                running.withLock { $0 = promise }
                return .later(promise.futureResult)
            }
            let reactors = try ReactorGroup(threads: 1)
            let reactor = reactors.nextReactor()
            try await withServer(at: path(in: folder), on: reactors, answer: answer) { group in
                let client = try await SilentClient(at: path(in: folder))
                client.read()
                try await client.write(bytes(try request(1)))
                try #require(try await eventually { running.withLock { $0 != nil } })
                await group.triggerGracefulShutdown()
                try await Task.sleep(for: .milliseconds(50))
                // One round of the event loop in which the next request comes, and then the end of
                // the call that the connection is open for.
                let (isInside, go) = (Flag(), DispatchSemaphore(value: 0))
                reactor.execute {
                    reactor.execute {
                        _ = isInside.raise()
                        go.wait()
                    }
                    reactor.execute { running.withLock { $0?.succeed(.success([])) } }
                }
                try #require(try await eventually { isInside.isRaised })
                try await client.write(bytes(try request(3)))
                go.signal()
                #expect(try await eventually { client.isClosed })
                #expect(client.frames == 2)
            }
            await reactors.close()
        }
    }

    @Test func `those who had connected are answered, not hung up on`() async throws {
        try await withTemporaryFolder { folder in
            let count = 100
            let (isBusy, go) = (Flag(), DispatchSemaphore(value: 0))
            let accepted = Mutex(0)
            let socket = try ListeningSocket(path: path(in: folder))
            let listener = Listener(
                at: socket.descriptor,
                on: MultiThreadedEventLoopGroup.singleton.next(),
                starved: { _ in },
                accepted: {
                    close($0)
                    accepted.withLock { $0 += 1 }
                    if isBusy.raise() {
                        go.wait()
                    }
                }
            )
            // More than are accepted at a time, and all while the first is looked at.
            for number in 0..<count {
                _ = try await SilentClient(at: path(in: folder))
                if number == 0 {
                    try #require(try await eventually { isBusy.isRaised })
                }
            }
            async let end: Void = listener.close(acceptingRest: true)
            go.signal()
            await end
            #expect(accepted.withLock { $0 } == count)
            #expect(!listener.isBroken)
        }
    }
}
