// swift-tools-version: 6.2
// Corkboard's house, from the ground to the roof: a target may depend only on targets above
// this line of the file, never below. docs/design.md draws the same picture.
import PackageDescription

/// The settings of every room.
let house: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0446-non-escapable.md
    .enableExperimentalFeature("Lifetimes"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0458-strict-memory-safety.md
    .strictMemorySafety(),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0480-swiftpm-warning-control.md
    .treatAllWarnings(as: .error),
]

/// A room of Swift code, closed to the outside (`package` access between rooms).
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// The tests of one room, in Tests/<room>Tests; files beside the code are named in `files`.
func tests(
    _ name: String,
    _ dependencies: [Target.Dependency],
    files: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        exclude: files,
        swiftSettings: house
    )
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "corkboard",
    products: [
        .executable(name: "corkboard", targets: ["corkboard"]),
        .executable(name: "corkboardd", targets: ["corkboardd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: - Ground: C libraries, and the three rooms everybody stands on
        .target(name: "CKernels"),
        .target(
            name: "CFaiss",
            dependencies: ["CKernels"],
            cxxSettings: [.headerSearchPath("omp")],
            linkerSettings: [
                .linkedLibrary("faiss"), .linkedLibrary("gomp"),
                .linkedLibrary("openblas"), .linkedLibrary("m"),
            ]
        ),
        .systemLibrary(
            name: "CLMDB",
            pkgConfig: "lmdb",
            providers: [.apt(["liblmdb-dev"])]
        ),
        .systemLibrary(
            name: "COpenBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]
        ),
        .systemLibrary(name: "CEpoll"),
        .systemLibrary(name: "CMalloc"),
        room("Files", [crypto]),
        room("Kernels", ["CKernels"]),
        room("Vectors", ["CMalloc", "Kernels", numerics]),

        // MARK: - Wrappers: one for each C library, and one for YAML
        room("BLAS", ["COpenBLAS", "Vectors"]),
        room("Faiss", ["CFaiss", "Vectors"]),
        room("LMDB", ["CLMDB"]),
        room("Configuration", ["Files", yams]),

        // MARK: - Rooms: what Corkboard knows
        room("Graph", ["Files"]),
        room("EmbeddingStore", ["Files", "LMDB", "Vectors"]),
        room("Datasets", ["EmbeddingStore", "Files", "Graph", "Vectors"]),
        room("Sampling", ["Graph", "Vectors", numerics]),
        room("PinSage", ["BLAS", "Vectors", numerics]),
        room("Evaluation", ["BLAS", "Vectors", numerics]),
        room(
            "Training",
            [
                "BLAS", "Configuration", "Evaluation", "Files", "Graph", "PinSage", "Sampling",
                "Vectors", numerics,
            ]
        ),
        room("Indexes", ["BLAS", "Faiss", "Files", "Kernels", "Vectors"]),
        room("Retrieval", ["BLAS", "Faiss", "Files", "Indexes", "Kernels", "Vectors"]),

        // MARK: - Doors: the socket, from both sides
        room("Reactor", ["CEpoll", collections, heap, nioCore]),
        .target(
            name: "Wire",
            dependencies: [nioCore, protobuf],
            exclude: ["Protos"],
            swiftSettings: house
        ),
        room("RetrievalClient", [nioCore, nioPosix, protobuf, "Vectors", "Wire"]),
        room(
            "RetrievalServer",
            [
                collections, histogram, lifecycle, log, nioCore, nioHTTP, nioPosix, protobuf,
                subprocess, system, unixSignals,
                "BLAS", "EmbeddingStore", "Files", "Indexes", "Reactor", "Retrieval", "Vectors",
                "Wire",
            ]
        ),

        // MARK: - Roof: the verbs of the workspace and of the daemon, and the two programs
        room(
            "Commands",
            [
                "BLAS", "Datasets", "EmbeddingStore", "Evaluation", "Files", "Graph", "Indexes",
                "PinSage", "Retrieval", "RetrievalClient", "Sampling", "Training", "Vectors",
                "Wire",
            ]
        ),
        .executableTarget(
            name: "corkboard",
            dependencies: [
                argumentParser, "Commands", "Configuration", "Datasets", "EmbeddingStore",
                "Indexes", "Retrieval", "RetrievalClient", "Training", "Vectors", "Wire",
            ],
            swiftSettings: house
        ),
        .executableTarget(
            name: "corkboardd",
            dependencies: [argumentParser, log, "Configuration", "RetrievalServer"],
            swiftSettings: house
        ),

        // MARK: - Tests
        .target(
            name: "TestSupport",
            path: "Tests/TestSupport",
            exclude: ["Resources"],
            swiftSettings: house
        ),
        // Stands in for malloc, so nothing but tests may depend on it.
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        .systemLibrary(name: "CSandbox", path: "Tests/CSandbox"),
        tests("Files", []),
        tests("Kernels", ["Vectors"]),
        tests("Vectors", [numerics]),
        tests("BLAS", ["Vectors"]),
        tests("Configuration", []),
        tests("Graph", ["Files", "Vectors", numerics]),
        tests("Faiss", ["Kernels", "Vectors"]),
        tests("LMDB", []),
        tests("EmbeddingStore", ["Files", "LMDB", "Vectors"]),
        tests("Sampling", ["Graph", "Vectors"]),
        tests("PinSage", ["Vectors"]),
        tests(
            "Training",
            [
                "Configuration", "Evaluation", "Files", "Graph", "PinSage", "Sampling", "Vectors",
                crypto,
            ]
        ),
        tests("Indexes", ["Faiss", "Files", "Kernels", "Vectors"]),
        tests("Retrieval", ["CAllocations", "Faiss", "Files", "Indexes", "Vectors"]),
        tests("Evaluation", ["Vectors"]),
        tests(
            "Commands",
            ["Evaluation", "PinSage", "Retrieval", "Sampling", "Training", "Vectors", "Wire"]
        ),
        tests("Datasets", ["EmbeddingStore", "Files", "Graph", "Vectors"]),
        tests("Reactor", ["CSandbox", nioCore]),
        tests("Wire", [nioCore, protobuf], files: ["Golden"]),
        tests("RetrievalClient", [nioCore, nioPosix, protobuf, "Vectors", "Wire"]),
        tests(
            "RetrievalServer",
            [
                histogram, lifecycle, log, nioCore, nioPosix, protobuf, unixSignals,
                "Configuration", "EmbeddingStore", "Files", "Indexes", "Retrieval",
                "Reactor", "RetrievalClient",
                "Vectors", "Wire",
            ]
        ),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"], swiftSettings: house),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
