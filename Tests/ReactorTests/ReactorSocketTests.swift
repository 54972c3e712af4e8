import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Reactor

struct ReactorSocketTests {
    /// Lets `body` use a socket that `use` answers at.
    private func withSocket(
        mostUnsent: Int = 1 << 20,
        _ use: @escaping @Sendable (ReactorSocket, Recorder.Event) -> Void = { _, _ in },
        _ body: (Reactor, NIOLoopBound<ReactorSocket>, FarSocket, EventLog) async throws -> Void
    ) async throws {
        try await withReactor(pollTime: .microseconds(20)) { reactor in
            let (near, far) = try socketPair()
            let events = EventLog()
            let socket = try await reactor.submit {
                let socket = ReactorSocket(near, on: reactor, mostUnsent: mostUnsent)
                socket.open(for: Recorder(events) { [unowned socket] in use(socket, $0) })
                return NIOLoopBound(socket, eventLoop: reactor)
            }.get()
            try await body(reactor, socket, far, events)
        }
    }

    @Test func `what comes is told, and what is written leaves`() async throws {
        try await withSocket { socket, event in
            if case .received(let text) = event {
                socket.write { $0.writeString(text.uppercased()) }
                socket.flush()
            }
        } _: { _, _, far, events in
            for text in ["one", "two", "three"] {
                far.send(text)
                #expect(far.receive() == Array(text.uppercased().utf8))
            }
            #expect(events.list == [.received("one"), .received("two"), .received("three")])
        }
    }

    @Test func `the end of the input is told once, and answers may follow it`() async throws {
        try await withSocket { socket, event in
            if event == .inputClosed {
                socket.write { $0.writeString("bye") }
                socket.end()
            }
        } _: { _, _, far, events in
            far.send("last")
            far.endOutput()
            #expect(far.receive() == Array("bye".utf8))
            #expect(far.receive() == [])
            let wanted: [Recorder.Event] = [.received("last"), .inputClosed, .closed]
            let isTold = try await eventually { events.list == wanted }
            #expect(isTold)
        }
    }

    @Test func `what came from a peer who has gone is for nobody`() async throws {
        try await withSocket { reactor, _, far, events in
            // Both while the reactor looks elsewhere.
            try await reactor.submit {
                far.send("last")
                far.close()
            }.get()
            #expect(try await eventually { events.list == [.closed] })
        }
    }

    @Test func `a peer that does not read fills the socket, and empties it`() async throws {
        let (most, size) = (64 << 10, 4 << 20)
        try await withSocket(mostUnsent: most) { reactor, socket, far, events in
            let unsent = try await reactor.submit {
                let socket = socket.value
                #expect(socket.write { $0.writeRepeatingByte(7, count: size) } == size)
                #expect(!socket.isWritable)
                socket.flush()
                socket.end()  // only when all has left
                return socket.unsentCount
            }.get()
            #expect(unsent > most && unsent < size)
            #expect(events.list.isEmpty)
            var count = 0
            while let bytes = far.receive(), !bytes.isEmpty {
                #expect(bytes.allSatisfy { $0 == 7 })
                count += bytes.count
            }
            #expect(count == size)
            #expect(try await eventually { events.list == [.becameWritable, .closed] })
        }
    }

    @Test func `who has answers to come may send until they have left`() async throws {
        let size = 4 << 20
        try await withSocket(mostUnsent: 2 * size) { reactor, socket, far, events in
            try await reactor.submit {
                let socket = socket.value
                socket.write { $0.writeRepeatingByte(7, count: size) }
                socket.flush()
                socket.closeInput()
            }.get()
            #expect(far.offers("more"))
            var count = 0
            while count < size, let bytes = far.receive() { count += bytes.count }
            let wanted: [Recorder.Event] = [.received("more"), .inputClosed]
            #expect(try await eventually { events.list == wanted })
            #expect(!far.offers("too late"))
        }
    }

    @Test func `of one that is closed nothing is left to be sent`() async throws {
        try await withSocket(mostUnsent: 1 << 10) { reactor, socket, _, _ in
            try await reactor.submit {
                let socket = socket.value
                socket.write { $0.writeRepeatingByte(7, count: 4 << 20) }
                socket.flush()
                #expect(socket.unsentCount > 1 << 20)
                socket.close()
                #expect(socket.unsentCount == 0 && socket.isWritable)
            }.get()
        }
    }

    @Test func `the memory of what has left is given back`() async throws {
        let size = 4 << 20
        try await withSocket(mostUnsent: 2 * size) { reactor, socket, far, _ in
            try await reactor.submit {
                let socket = socket.value
                socket.write { $0.writeRepeatingByte(7, count: size) }
                socket.flush()
            }.get()
            var count = 0
            while count < size - (300 << 10), let bytes = far.receive() { count += bytes.count }
            // What is in the kernel's buffers has left.
            let isGiven = try await eventually {
                try await reactor.submit {
                    let outgoing = socket.value.outgoing
                    return outgoing.capacity <= max(1 << 16, 4 * socket.value.unsentCount)
                }.get()
            }
            #expect(isGiven)
        }
    }

    @Test func `who is not read waits in his own socket, and his end is noticed`() async throws {
        try await withSocket { reactor, socket, far, events in
            try await reactor.submit { socket.value.isReading = false }.get()
            far.send("soon")
            try await Task.sleep(for: .milliseconds(30))
            #expect(events.list.isEmpty)
            try await reactor.submit { socket.value.isReading = true }.get()
            #expect(try await eventually { events.list == [.received("soon")] })
            try await reactor.submit { socket.value.isReading = false }.get()
            far.send("never")
            far.close()
            #expect(try await eventually { events.list == [.received("soon"), .closed] })
        }
    }

    @Test func `one that is closed hears and sends nothing more`() async throws {
        try await withSocket { reactor, socket, far, events in
            try await reactor.submit {
                let socket = socket.value
                socket.write { $0.writeString("lost") }
                socket.close()
                socket.close()
                #expect(socket.write { $0.writeString("nothing") } == 0)
                socket.flush()
                #expect(!socket.isOpen)
            }.get()
            #expect(far.receive() == [])
            #expect(try await eventually { events.list == [.closed] })
            try await reactor.submit { socket.value.closeFuture }.get().get()
        }
    }

    @Test func `descriptors are closed`() async throws {
        try await withReactor { reactor in
            var names: Set<String> = []
            for _ in 0..<50 {
                let (near, far) = try socketPair()
                names.insert(try name(of: near))
                let closed = try await reactor.submit {
                    let socket = ReactorSocket(near, on: reactor, mostUnsent: 1)
                    socket.open(for: Recorder(EventLog()))
                    return socket.closeFuture
                }.get()
                far.close()
                try await closed.get()
            }
            // Other tests open sockets meanwhile, but these are gone.
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                .compactMap { Int32($0).flatMap { try? name(of: $0) } }
            #expect(names.count == 50 && names.isDisjoint(with: open))
        }
    }

    /// A kernel watches a file, not its descriptor: one that a child holds open was reported for
    /// ever.
    @Test func `one that is closed is watched no more, though another process has it`() async throws
    {
        try await withReactor { reactor in
            let (near, far) = try socketPair()
            let copy = dup(near)
            defer { _ = Foundation.close(copy) }
            let socket = try await reactor.submit {
                let socket = ReactorSocket(near, on: reactor, mostUnsent: 1)
                socket.open(for: Recorder(EventLog()))
                return NIOLoopBound(socket, eventLoop: reactor)
            }.get()
            #expect(try watchers(of: copy) == 1)
            try await reactor.submit { socket.value.close() }.get()
            #expect(try watchers(of: copy) == 0)
            withExtendedLifetime(far) {}
        }
    }

    /// How many sets of descriptors of this process watch the file of `descriptor`.
    private func watchers(of descriptor: Int32) throws -> Int {
        var status = stat()
        try #require(unsafe fstat(descriptor, &status) == 0)
        // Among others: `tfd: 7 events: 19 data: 1 pos:0 ino:2f3a sdev:8`.
        let mark = " ino:\(String(status.st_ino, radix: 16)) "
        let folder = "/proc/self/fdinfo/"
        return try FileManager.default.contentsOfDirectory(atPath: folder).count { name in
            // Another test may have closed it.
            let text = try? String(contentsOfFile: folder + name, encoding: .utf8)
            return text?.split(separator: "\n").contains {
                $0.hasPrefix("tfd:") && $0.contains(mark)
            }
                ?? false
        }
    }

    /// What the system calls the file of a descriptor.
    private func name(of descriptor: Int32) throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
    }
}
