import Logging
import NIOCore
import Retrieval
import ServiceLifecycle
import UnixSignals

extension Daemon {
    /// How often the supervisor may hear of another status.
    private static let statusInterval = Duration.seconds(1)

    /// The services, in the order of their start; they stop in the opposite order.
    ///
    /// Clients are served at `socket`, on `terms`, of which `descriptorLimit` is a part; `announce`
    /// hears when that begins.
    func services(
        at socket: ListeningSocket,
        metricsAt metricsSocket: MetricsSocket?,
        terms: Replaceable<ConnectionTerms>,
        descriptorLimit: Int,
        house: House,
        hangUps: UnixSignalsSequence,
        announce: @escaping @Sendable (String) -> Void
    ) -> ServiceGroup {
        let supervisor = Supervisor(at: environment.notifySocket, logger: logger)
        let readiness = Readiness()
        let state = ServingState(workspace: configuration.workspaceFolder, isStarting: true)
        let telemetry = makeTelemetry()
        let keeper = GenerationKeeper(
            swap(state, house, telemetry.swaps),
            interval: configuration.watchInterval
        )
        let rebuild = Rebuild(
            program: configuration.corkboardPath,
            workspace: configuration.workspaceFolder,
            logger: logger,
            catchUp: keeper.catchUp
        )
        let service = RetrievalService(
            state: state,
            pool: WorkPool(house.pool),
            control: ControlService(keeper: keeper, rebuild: rebuild),
            terms: terms,
            telemetry: telemetry
        )
        let server = RetrievalServer(
            socket: socket,
            reactors: house.reactors,
            terms: terms,
            logger: logger,
            telemetry: telemetry
        ) { call, loop in service.answer(call, on: loop) }
        let query = SelfQuery(path: socket.path, state: state)
        var services: [any Service] = []
        if supervisor.isThere, let patience = environment.watchdogTime {
            services.append(
                Heartbeat(
                    supervisor: supervisor,
                    patience: patience,
                    query: query,
                    admission: server.admission,
                    loops: house.reactors,
                    aside: house.aside,
                    logger: logger
                )
            )
        }
        services += [keeper, rebuild, server]
        services += seeing(service, at: metricsSocket)
        if configuration.keepAwake {
            services.append(AwakeProcessors())
        }
        services += [
            Reloader(
                supervisor: supervisor,
                readiness: readiness,
                logger: logger,
                signals: hangUps,
                reload: reload(terms, socketGroup: socket.group, descriptorLimit, telemetry)
            ),
            Reports(
                supervisor: supervisor,
                state: state,
                query: query,
                aside: house.aside,
                readiness: readiness,
                logger: logger,
                interval: Self.statusInterval
            ) { served in
                let generation = served.generation
                announce(
                    "READY socket=\(socket.path) generation=\(generation.number) "
                        + "items=\(generation.count)"
                )
            },
        ]
        return ServiceGroup(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
    }

    private func swap(
        _ state: ServingState,
        _ house: House,
        _ counts: SwapCounts
    ) -> GenerationSwap {
        GenerationSwap(
            workspace: configuration.workspaceFolder,
            state: state,
            check: GenerationCheck(
                program: DaemonConfiguration.thisProgram,
                workspace: configuration.workspaceFolder
            ),
            gate: RecallGate(allowedLoss: configuration.recallLoss),
            pool: house.swaps,
            logger: logger,
            counts: counts
        )
    }

    /// What a reload does: see ``Reloader``.
    private func reload(
        _ terms: Replaceable<ConnectionTerms>,
        socketGroup: UInt32?,
        _ descriptorLimit: Int,
        _ telemetry: Telemetry
    ) -> @Sendable () throws -> (taken: [String], waiting: [String]) {
        let running = Replaceable(configuration)
        return {
            let next = try reread()
            // Everything that may be wrong with it comes before anything is changed.
            let changes = try running.value.changes(to: next)
            // What waits for a restart stays as it is, and is told of again at the next signal.
            let followed = running.value.following(next)
            let nextTerms = try followed.terms(ofSocketGroup: socketGroup, limit: descriptorLimit)
            terms.value = nextTerms
            level.value = followed.level
            telemetry.follow(followed)
            running.value = followed
            return changes
        }
    }
}
