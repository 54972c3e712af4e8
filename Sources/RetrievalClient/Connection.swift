import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Wire

/// An open connection, usable from any thread.
struct Connection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ClientHandler>
    private let retirement: Retirement

    /// Connects to the Unix socket at the path `socket`, which has the given address.
    static func open(
        to socket: String,
        at address: SocketAddress,
        on group: any EventLoopGroup
    ) -> EventLoopFuture<Connection> {
        let retirement = Retirement()
        return ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = ClientHandler(socket: socket, retirement: retirement)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(to: address)
            .flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: ClientHandler.self)
                return Connection(
                    channel: channel,
                    handler: NIOLoopBound(handler, eventLoop: channel.eventLoop),
                    retirement: retirement
                )
            }
    }

    /// Whether a new call may be made on it.
    var isUsable: Bool { channel.isActive && !retirement.isReached }

    /// Sends `request` and gives the payload of its response.
    func call(_ request: TTRPCRequest, timeout: Duration?) -> EventLoopFuture<Data> {
        let promise = channel.eventLoop.makePromise(of: Data.self)
        channel.eventLoop.execute {
            handler.value.call(request, timeout: timeout, promise: promise)
        }
        return promise.futureResult
    }

    func close() async {
        try? await channel.close()
    }
}

/// A note from a connection's event loop to everybody: its stream ids are running out.
final class Retirement: Sendable {
    private let flag = Atomic(false)

    var isReached: Bool { flag.load(ordering: .relaxed) }

    func reach() {
        flag.store(true, ordering: .relaxed)
    }
}
