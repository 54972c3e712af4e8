/// The sockets of a reactor, each under a token that none had before.
///
/// A token tells where its socket lies, so that it is found without hashing, and which it is of those
/// that lay there one after another.
struct SocketTable {
    private static let placeBits: UInt64 = 24

    private var places: [ReactorSocket?] = []
    private var free: [Int] = []
    private var last: UInt64 = 0

    var count: Int { places.count - free.count }
    var all: [ReactorSocket] { places.compactMap(\.self) }

    /// The socket of a token; nil where that has gone.
    subscript(token: UInt64) -> ReactorSocket? {
        let place = Self.place(of: token)
        guard place < places.count, let socket = places[place], socket.token == token else {
            return nil
        }
        return socket
    }

    /// Takes a socket in, and gives it a token.
    mutating func add(_ socket: ReactorSocket) {
        let place = free.popLast() ?? places.count
        if place == places.count {
            places.append(nil)
        }
        last += 1
        socket.token = last << Self.placeBits | UInt64(place)
        places[place] = socket
    }

    /// Forgets a socket.
    mutating func remove(_ socket: ReactorSocket) {
        guard self[socket.token] === socket else { return }
        let place = Self.place(of: socket.token)
        places[place] = nil
        free.append(place)
    }

    private static func place(of token: UInt64) -> Int {
        Int(token & (1 << placeBits - 1))
    }
}
