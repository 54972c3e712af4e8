import Histogram
import Wire

/// How calls have been answered: for each method how long that took, and with which status.
///
/// A value, so that those of several event loops are copied and added up.
struct CallSummary: Sendable {
    /// How one method has been answered.
    struct Entry: Sendable {
        /// Nanoseconds, to about a hundredth of each.
        private(set) var times = Histogram<UInt64>(forCalls: ())
        /// The sum of all times, in nanoseconds.
        private(set) var total: UInt64 = 0
        private var statuses = [UInt64](repeating: 0, count: StatusCode.allCases.count)

        var calls: UInt64 { times.totalCount }

        /// How many calls ended with `code`.
        func count(of code: StatusCode) -> UInt64 {
            statuses[Int(code.rawValue)]
        }

        mutating func add(_ code: StatusCode, nanoseconds: UInt64) {
            times.record(nanoseconds)
            total &+= nanoseconds
            statuses[Int(code.rawValue)] &+= 1
        }

        mutating func add(_ other: Entry) {
            times.add(other.times)
            total &+= other.total
            for place in statuses.indices {
                statuses[place] &+= other.statuses[place]
            }
        }
    }

    private var entries = [Entry](repeating: Entry(), count: Method.allCases.count)
    private var refused = [UInt64](repeating: 0, count: StatusCode.allCases.count)

    subscript(method: Method) -> Entry { entries[method.place] }

    /// How many requests were refused with `code` before their method was looked at.
    func refused(_ code: StatusCode) -> UInt64 {
        refused[Int(code.rawValue)]
    }

    mutating func add(_ method: Method, _ code: StatusCode, nanoseconds: UInt64) {
        entries[method.place].add(code, nanoseconds: nanoseconds)
    }

    mutating func addRefusal(_ code: StatusCode) {
        refused[Int(code.rawValue)] &+= 1
    }

    mutating func add(_ other: CallSummary) {
        for place in entries.indices {
            entries[place].add(other.entries[place])
        }
        for place in refused.indices {
            refused[place] &+= other.refused[place]
        }
    }
}

extension Histogram<UInt64> {
    /// Two digits of a nanosecond and more; it grows with the longest time.
    fileprivate init(forCalls: Void) {
        self.init(
            lowestDiscernibleValue: 64,
            highestTrackableValue: 1 << 20,
            numberOfSignificantValueDigits: .two
        )
        autoResize = true
    }
}

extension Method {
    /// Where it stands in a summary; a dictionary would hash its name for each call.
    fileprivate var place: Int {
        switch self {
        case .search: 0
        case .related: 1
        case .recommend: 2
        case .get: 3
        case .info: 4
        case .health: 5
        case .stats: 6
        case .generations: 7
        case .publish: 8
        case .rollback: 9
        case .rebuild: 10
        case .cancel: 11
        }
    }
}
