import Datasets
import EmbeddingStore
import Files
package import Foundation
import Graph
import Vectors

/// What was imported.
package struct ImportReport: Report {
    package let items: Int
    package let contexts: Int
    package let edges: Int
    /// Items that no edge names: they have content alone.
    package let itemsWithoutEdges: Int
    package let seconds: Double

    private enum CodingKeys: String, CodingKey {
        case items, contexts, edges, seconds
        case itemsWithoutEdges = "items_without_edges"
    }

    package var description: String {
        "imported \(items) items (\(itemsWithoutEdges) without edges), \(contexts) contexts and "
            + "\(edges) edges in \(decimal(seconds, 1)) s"
    }
}

extension Workspace {
    /// Imports edges, and items where there is a file of them, in place of the last import.
    ///
    /// Nothing is changed where a file has a fault.
    ///
    /// Row r of `features`, a NumPy array, is the dense vector of the r-th item in `items`; items
    /// that only edges name have zeros.
    package func importFiles(edges: URL, items: URL?, features: URL?) throws -> ImportReport {
        let start = ContinuousClock.now
        let records = try items.map([Item].init(jsonLinesAt:)) ?? []
        let vectors = try features.map { try readFeatures(at: $0, count: records.count) }
        return try replaceCatalogue(items: records, features: vectors, start: start) { builder in
            try EdgeNames(ofEdgesIn: edges, known: records.map(\.id)) { try builder.append($0) }
        }
    }

    /// Imports a Debian archive: that of this machine, or the text of `apt-cache dumpavail` in
    /// `file`.
    package func importDebian(from file: URL?, progress: ProgressHandler) throws -> ImportReport {
        let start = ContinuousClock.now
        progress(.line("reading the package archive"))
        let archive: DebianArchive
        if let file {
            archive = try DebianArchive(contentsOf: file)
        } else {
            archive = try DebianArchive(text: DebianArchive.availablePackages())
        }
        return try replaceCatalogue(
            items: archive.items,
            features: nil,
            start: start
        ) { builder in
            try archive.edges.append(to: &builder, known: archive.items.map(\.id))
        }
    }

    private func readFeatures(at file: URL, count: Int) throws -> Matrix {
        let features = try NumPyArray(contentsOf: file).matrix()
        guard features.rows == count else {
            throw CommandError(
                "\(file.path) has \(features.rows) rows for \(count) items; "
                    + "give one row for each line of --items"
            )
        }
        if let row = features.firstRowNotFinite {
            throw CommandError(
                "row \(row) of \(file.path) holds a value that is not finite; mend it"
            )
        }
        return features
    }

    /// The catalogue is `items` in their order, then those that only edges name.
    ///
    /// `append` gives the builder all edges, and returns the names that they join; where it throws,
    /// nothing was changed.
    private func replaceCatalogue(
        items: [Item],
        features: Matrix?,
        start: ContinuousClock.Instant,
        append: (inout GraphBuilder) throws -> EdgeNames
    ) throws -> ImportReport {
        try makeFolder(at: graphFile.deletingLastPathComponent())
        let lock = try claimFolder()
        defer { withExtendedLifetime(lock) {} }
        var builder = GraphBuilder(at: newGraphFile)
        let names = try append(&builder)
        let catalogue = items + names.items.dropFirst(items.count).map { Item(id: $0) }
        let graph = try builder.finish(
            contextCount: names.contexts.count,
            itemCount: catalogue.count
        )
        return try replaceCatalogue(
            catalogue,
            contexts: names.contexts,
            graph: graph,
            features: features,
            start: start
        )
    }

    private func replaceCatalogue(
        _ catalogue: [Item],
        contexts: [String],
        graph: Graph,
        features: Matrix?,
        start: ContinuousClock.Instant
    ) throws -> ImportReport {
        let features = features?.addingZeros(to: catalogue.count)
        let checksum = features.map { unsafe Checksum(of: $0.elements.span.bytes) }
        if let features, let checksum {
            try features.writeNumPy(to: featuresFile(checksum))
        }
        let store = try EmbeddingStore(at: storeFolder, access: .readWrite)
        // The catalogue's transaction is what makes the import count: before it the old graph is
        // valid, after it the new one, under whichever name it lies.
        try store.replaceCatalogue(
            items: catalogue,
            contexts: contexts,
            graph: graph.checksum,
            features: checksum
        )
        try moveDurably(newGraphFile, to: graphFile)
        try removeFeatures(except: checksum.map(featuresFile))
        return ImportReport(
            items: graph.itemCount,
            contexts: graph.contextCount,
            edges: graph.edgeCount,
            itemsWithoutEdges: graph.itemCount - graph.connectedItems.count,
            seconds: (ContinuousClock.now - start) / .seconds(1)
        )
    }

    /// Removes the dense vectors of earlier imports.
    private func removeFeatures(except kept: URL?) throws {
        let folder = graphFile.deletingLastPathComponent()
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix("features-") && name != kept?.lastPathComponent {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
    }
}

extension Matrix {
    /// This matrix with rows of zeros below it, `count` rows in all.
    fileprivate func addingZeros(to count: Int) -> Matrix {
        Matrix(
            rows: count,
            columns: columns,
            elements: elements + [Float](repeating: 0, count: (count - rows) * columns)
        )
    }
}

extension EdgeTable {
    /// Gives all edges to a builder, their items numbered after `known`.
    fileprivate func append(
        to builder: inout GraphBuilder,
        known: [String]
    ) throws -> EdgeNames {
        var names = EdgeNames(contexts: contexts, items: known)
        var indices = Dictionary(
            known.enumerated().map { ($1, UInt32($0)) },
            uniquingKeysWith: { first, _ in first }
        )
        let indexOfItem = items.map { id in
            if let index = indices[id] { return index }
            let index = UInt32(names.items.count)
            indices[id] = index
            names.items.append(id)
            return index
        }
        for edge in edges {
            var edge = edge
            edge.item = indexOfItem[Int(edge.item)]
            try builder.append(edge)
        }
        return names
    }
}
