import NIOCore
import Wire

/// One connection, from the client's side: sends requests, and tells each waiter what it gets.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    struct CallInFlight {
        let waiter: Waiter
        var deadline: Scheduled<Void>?
    }

    let socket: String
    let state: ConnectionState
    var splitter = FrameSplitter()
    var pending = PendingCalls<CallInFlight>()
    /// Whether the server has said anything: one that turns its client away does not.
    var hasHeard = false
    var context: ChannelHandlerContext?

    init(socket: String, state: ConnectionState) {
        self.socket = socket
        self.state = state
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        failAll()
    }

    func channelInactive(context: ChannelHandlerContext) {
        failAll()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// What becomes of calls that the connection takes with it.
    var loss: RetrievalClientError {
        hasHeard ? .connectionLost(socket) : .turnedAway(socket)
    }

    private func failAll() {
        state.lose()
        for call in pending.removeAll() {
            call.deadline?.cancel()
            call.waiter.tell(.failure(loss))
        }
    }
}
