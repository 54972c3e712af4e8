package import Logging

/// The least level that is logged; may change at any time.
package final class LogLevel: Sendable {
    private let level: Replaceable<Logger.Level>

    package init(_ level: Logger.Level) {
        self.level = Replaceable(level)
    }

    package var value: Logger.Level {
        get { level.value }
        set { level.value = newValue }
    }

    /// A handler that passes on to `handler` what has this level, now and later.
    package func governing(_ handler: any LogHandler) -> any LogHandler {
        GovernedHandler(level: self, handler: handler)
    }
}

/// A handler whose level is another's.
private struct GovernedHandler: LogHandler {
    let level: LogLevel
    var handler: any LogHandler

    /// Loggers are values: to set the level of one of them would not reach its copies.
    var logLevel: Logger.Level {
        get { level.value }
        set { level.value = newValue }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { handler.metadataProvider }
        set { handler.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        handler.log(event: event)
    }
}
