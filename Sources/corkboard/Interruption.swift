import Dispatch
import Foundation
import Synchronization

/// Notes that the program was asked to stop, by Ctrl-C (SIGINT) or SIGTERM, so that it can come to
/// a good end; asked a second time, it stops at once.
final class Interruption: Sendable {
    /// The number of the signal, or 0.
    private let received = Atomic<Int32>(0)

    init() {
        // A queue of its own: walks may keep every thread of the shared ones busy.
        let queue = DispatchQueue(label: "signals")
        for number in [SIGINT, SIGTERM] {
            // A signal that is not ignored would end the program before the source hears of it.
            _ = signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { [self] in
                note(number)
                // The handler keeps its own source alive, for as long as the program runs.
                withExtendedLifetime(source) {}
            }
            source.resume()
        }
    }

    /// What a shell calls the exit of a program that the signal ended; nil while there was none.
    var exitCode: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : 128 + number
    }

    private func note(_ number: Int32) {
        received.store(number, ordering: .relaxed)
        _ = signal(number, SIG_DFL)
        try? FileHandle.standardError.write(
            contentsOf: Data("\nstopping as soon as all is saved; again to stop at once\n".utf8)
        )
    }
}
