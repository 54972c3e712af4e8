import CSandbox
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import Reactor

/// A reactor in processes of its own: on an old kernel, in a sandbox, and at its end.
struct ReactorProcessTests {
    @Test func `a kernel without epoll_pwait2 has timers too`() async {
        await #expect(processExitsWith: .success) {
            try await ReactorProcessTests.waits(afterRefusalWith: ENOSYS)
        }
    }

    @Test func `so has a sandbox that does not allow it`() async {
        await #expect(processExitsWith: .success) {
            try await ReactorProcessTests.waits(afterRefusalWith: EPERM)
        }
    }

    private static func waits(afterRefusalWith number: Int32) async throws {
        try #require(CSandboxRefuseWaits(number) == 0)
        try await withReactor { reactor in
            for _ in 0..<3 {
                let deadline = NIODeadline.now() + .milliseconds(20)
                let timer = reactor.scheduleTask(deadline: deadline) { NIODeadline.now() }
                let time = try await timer.futureResult.get()
                try #require(time >= deadline)
            }
        }
    }

    /// The alarm, by which others wake it, outlived every reactor.
    @Test func `reactors leave no descriptor open when they have ended`() async {
        await #expect(processExitsWith: .success) {
            let before = try ReactorProcessTests.descriptors()
            for _ in 0..<20 {
                try await withReactor { reactor in try await reactor.submit {}.get() }
            }
            // Each has two; Dispatch, which this wait uses, has a few.
            try #require(
                try await eventually { try ReactorProcessTests.descriptors() < before + 20 }
            )
        }
    }

    private static func descriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    /// Bytes of whoever has got the number of its descriptor by then were told to its handler.
    @Test func `a handler that closes its socket hears nothing of the next one's bytes`() async {
        await #expect(processExitsWith: .success) {
            try await withReactor { reactor in
                let (near, far) = try socketPair()
                let (next, nextFar) = try socketPair()
                nextFar.send("for others")
                let events = EventLog()
                try await reactor.submit {
                    let socket = ReactorSocket(near, on: reactor, mostUnsent: 1)
                    let recorder = Recorder(events) { [unowned socket] event in
                        guard case .received = event else { return }
                        socket.close()
                        dup2(next, near)
                    }
                    socket.open(for: recorder)
                    // What is read at once is followed by another look.
                    far.send("last")
                }.get()
                try #require(try await eventually { events.list.last == .closed })
                try #require(events.list == [.received("last"), .closed])
                far.close()
            }
        }
    }
}
