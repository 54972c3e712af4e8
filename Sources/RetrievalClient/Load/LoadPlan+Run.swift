import Dispatch
import Foundation
import Synchronization

extension LoadPlan {
    /// How many calls each connection makes before those that count: its first ones meet cold
    /// caches, on both sides.
    private static let warmUp = 200

    /// Puts the load on the server; the calling thread waits for its end.
    ///
    /// - Throws: ``RetrievalClientError`` where a connection cannot be made, or breaks.
    package func run() throws -> LoadResult {
        let frames = try RequestFrames(searches)
        let tallies = Mutex<[Result<LoadTally, any Error>]>([])
        let (ready, go, done) = (DispatchGroup(), DispatchGroup(), DispatchGroup())
        go.enter()
        for number in 0..<connections {
            ready.enter()
            done.enter()
            // A thread each, for they block; a queue has no more than there are processors.
            Thread.detachNewThread {
                let tally = Result {
                    var connection = try warmConnection(number, frames, ready)
                    go.wait()
                    return try connection.run(calls: callsPerConnection, pace: pace)
                }
                tallies.withLock { $0.append(tally) }
                done.leave()
            }
        }
        ready.wait()
        let start = now()
        go.leave()
        done.wait()
        return LoadResult(try tallies.withLock { try $0.map { try $0.get() } }, start: start)
    }

    /// A connection that has made its first calls; whether it has or has failed, it is ready then.
    private func warmConnection(
        _ number: Int,
        _ frames: RequestFrames,
        _ ready: DispatchGroup
    ) throws -> LoadConnection {
        defer { ready.leave() }
        var connection = try LoadConnection(
            to: socket,
            frames: frames,
            startingAt: number * frames.count / connections,
            pollTime: UInt64(pollTime) * 1000
        )
        _ = try connection.run(calls: Self.warmUp, pace: .inFlight(1))
        return connection
    }
}
