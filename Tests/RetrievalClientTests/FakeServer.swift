import Foundation
import NIOCore
import NIOPosix
import SwiftProtobuf
import Synchronization
import Wire

@testable import RetrievalClient

/// A server that says what a test wants it to say.
final class FakeServer: Sendable {
    /// The frames that answer a request; nil closes the connection.
    typealias Script = @Sendable (TTRPCRequest, UInt32) throws -> [Frame]?

    private let script: Script
    private let seen = Mutex<[TTRPCRequest]>([])
    private let accepted = Atomic(0)

    init(_ script: @escaping Script) {
        self.script = script
    }

    /// The requests that have come, in their order.
    var requests: [TTRPCRequest] { seen.withLock { $0 } }
    var methods: [String] { requests.map(\.method) }
    /// How many connections there have been.
    var connections: Int { accepted.load(ordering: .relaxed) }

    /// Listens at `path` while `body` runs.
    func listen(at path: String, _ body: (FakeServer) async throws -> Void) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                self.accepted.wrappingAdd(1, ordering: .relaxed)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Talk(self))
                }
            }
            .bind(unixDomainSocketPath: path)
            .get()
        do {
            try await body(self)
        } catch {
            try? await listener.close()
            throw error
        }
        try await listener.close()
    }

    private final class Talk: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: FakeServer
        private var splitter = FrameSplitter()

        init(_ server: FakeServer) {
            self.server = server
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            splitter.append(unwrapInboundIn(data))
            while case .frame(let frame)? = splitter.next() {
                do {
                    let request = try TTRPCRequest(
                        serializedBytes: Data(frame.body.readableBytesView)
                    )
                    server.seen.withLock { $0.append(request) }
                    guard let frames = try server.script(request, frame.streamID) else {
                        context.close(promise: nil)
                        return
                    }
                    var bytes = ByteBuffer()
                    frames.forEach { bytes.write($0) }
                    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
                } catch {
                    context.close(promise: nil)
                }
            }
        }
    }
}

/// An empty answer on `id`.
func empty(_ id: UInt32) -> Frame { .response(.success([]), on: id) }

/// A message of a build on `id`.
func progress(_ text: String, _ id: UInt32) throws -> Frame {
    let message: [UInt8] = try RebuildProgress.with { $0.message = text }.serializedBytes()
    return try .message(message, on: id)
}
