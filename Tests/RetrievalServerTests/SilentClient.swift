import NIOCore
import NIOPosix
import Synchronization
import Wire

/// A client that reads when it is told to.
struct SilentClient {
    private let channel: any Channel
    private let counter: FrameCounter

    init(at path: String) async throws {
        let counter = FrameCounter()
        self.counter = counter
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        FrameCountingHandler(counter: counter)
                    )
                }
            }
            .connect(unixDomainSocketPath: path)
            .get()
    }

    var frames: Int { counter.count.load(ordering: .relaxed) }
    var isClosed: Bool { !channel.isActive }

    func send(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// Returns when the bytes have left.
    func write(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes)
    }

    func readOnce() {
        channel.read()
    }

    func read() {
        channel.setOption(.autoRead, value: true).whenSuccess { channel.read() }
    }

    func close() async throws {
        try await channel.close()
    }
}

private final class FrameCounter: Sendable {
    let count = Atomic(0)
}

private final class FrameCountingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let counter: FrameCounter
    private var splitter = FrameSplitter()

    init(counter: FrameCounter) {
        self.counter = counter
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        splitter.append(unwrapInboundIn(data))
        while splitter.next() != nil {
            counter.count.add(1, ordering: .relaxed)
        }
    }
}
