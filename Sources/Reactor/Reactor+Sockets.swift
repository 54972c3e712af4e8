import NIOCore

extension Reactor {
    /// Takes care of `socket` from now on; false where the system refuses.
    func add(_ socket: ReactorSocket) -> Bool {
        preconditionInEventLoop()
        unsafe sockets.add(socket)
        guard watch(socket, isNew: true) else {
            unsafe sockets.remove(socket)
            return false
        }
        return true
    }

    /// Looks from now on for what `socket` wants to be told; false where the system refuses.
    func watch(_ socket: ReactorSocket, isNew: Bool = false) -> Bool {
        poller.watch(
            socket.descriptor,
            token: socket.token,
            for: socket.interest,
            isNew: isNew
        )
    }

    func remove(_ socket: ReactorSocket) {
        preconditionInEventLoop()
        poller.remove(socket.descriptor)
        unsafe sockets.remove(socket)
    }
}
