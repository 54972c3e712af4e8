/// Who calls.
struct Caller: Sendable {
    /// The number of the connection, which no other has.
    let connection: Int
    /// Whether it may change what is served.
    let isAdministrator: Bool
    /// The answers that it has yet to read.
    let backlog: ConnectionBacklog

    init(
        connection: Int,
        isAdministrator: Bool,
        backlog: ConnectionBacklog = ConnectionBacklog(of: Backlog())
    ) {
        self.connection = connection
        self.isAdministrator = isAdministrator
        self.backlog = backlog
    }
}
