import Indexes
import Retrieval
import Vectors
import Wire

extension RetrievalService {
    /// What this server does beyond ttrpc 1.2.
    private static let features = ["half-close", "response-size-status", "drain-status"]

    func info() -> InfoResponse {
        var info = InfoResponse()
        info.server = "corkboardd"
        info.version = CorkboardVersion.text
        info.protocol = "ttrpc 1.2"
        info.limits = InfoResponse.Limits(terms.value)
        info.features = Self.features
        if let generation = state.served?.generation {
            info.generation = InfoResponse.Generation(generation.manifest)
        }
        return info
    }
}

extension InfoResponse.Limits {
    fileprivate init(_ terms: ConnectionTerms) {
        self.init()
        frameBytes = UInt32(Frame.maximumBodySize)
        k = UInt32(Limits.k)
        batch = UInt32(Limits.batch)
        callsInFlight = UInt32(Limits.callsInFlight)
        totalCallsInFlight = UInt32(Limits.callsWaiting)
        connections = UInt32(clamping: terms.connections)
        filterIds = UInt32(Limits.filterIDs)
        frameSeconds = terms.frameTime / .seconds(1)
        callSeconds = Limits.callTime / .seconds(1)
    }
}

extension InfoResponse.Generation {
    fileprivate init(_ manifest: GenerationManifest) {
        self.init()
        number = UInt64(clamping: manifest.generation)
        embeddingVersion = UInt64(clamping: manifest.embeddingVersion)
        count = UInt64(clamping: manifest.count)
        dimension = UInt32(clamping: manifest.dimension)
        metric = manifest.metric.rawValue
        indexKind = manifest.kind.rawValue
        measuredRecall = manifest.measured.recall
        recallK = UInt32(clamping: manifest.measured.k)
        levels = manifest.defaults.flatMap { measured in
            measured.measured.curve.map { InfoResponse.Level($0, k: measured.measured.k) }
        }
    }
}

extension InfoResponse.Level {
    fileprivate init(_ measurement: RecallMeasurement, k: Int) {
        self.init()
        self.k = UInt32(clamping: k)
        effort = UInt32(clamping: measurement.setting.effort)
        recall = measurement.recall
        margin = measurement.margin ?? 0
        p50Us = measurement.p50
    }
}
