package import EmbeddingStore
import Files
package import Foundation
import Graph

/// The packages of a Debian archive as items, and what they need as contexts.
///
/// Read from the text of `apt-cache dumpavail`. Each package is an item: its text is the
/// description, its fields are `section` and `tag` (the debtags). Each package is also a context,
/// of its name, which holds the package itself and all packages that its Depends, Recommends and
/// Suggests name: so a package lies near what it needs, and near what is needed by the same
/// packages as it is. All edges weigh 1.
///
/// - Of several versions of a package the newest counts.
/// - All alternatives of a dependency count.
/// - A name that is no package counts for the one package that provides it; where none or several
///   do, it is left out.
/// - A context of one package only is left out.
package struct DebianArchive: Sendable {
    /// The packages, in the byte order of their names.
    package let items: [Item]
    /// The contexts, and their edges; `edges.items[i]` is the id of `items[i]`.
    package let edges: EdgeTable

    /// Parses the text that ``availablePackages(from:)`` answers.
    ///
    /// - Throws: ``DatasetError`` that names the line, or says that there is no package.
    package init(text: Data) throws(DatasetError) {
        try self.init(text.span, source: "the package archive")
    }

    /// Parses a file with such a text.
    ///
    /// - Throws: ``DatasetError`` that names the line, or the file where it has no package.
    package init(contentsOf url: URL) throws(DatasetError) {
        let bytes = try mappedBytes(of: url)
        try self.init(bytes.span, source: url.path)
    }

    private init(_ text: Span<UInt8>, source: String) throws(DatasetError) {
        var names = NameTable()
        var reader = DebianStanzaReader(text, source: source)
        var newest: [String: DebianStanza] = [:]
        while let stanza = try reader.stanza(names: &names) {
            if let known = newest[stanza.name],
                DebianVersion(known.version) >= DebianVersion(stanza.version)
            {
                continue
            }
            newest[stanza.name] = stanza
        }
        guard !newest.isEmpty else {
            throw DatasetError(
                .empty,
                "\(source) has no package; run `apt-get update`, or pass a file with the output "
                    + "of `apt-cache dumpavail` by --from"
            )
        }
        let stanzas = newest.values.sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        items = stanzas.map(Item.init)
        edges = Self.edges(stanzas, names: names.names)
    }

    /// The edges of all packages; `names` are the names that the stanzas speak of.
    private static func edges(_ stanzas: [DebianStanza], names: [String]) -> EdgeTable {
        let items = packages(stanzas, names: names)
        var table = EdgeTable(contexts: [], items: stanzas.map(\.name), edges: [])
        for (index, stanza) in stanzas.enumerated() {
            var members = [UInt32(index)]
            var seen: Set<UInt32> = [UInt32(index)]
            for name in stanza.named {
                if let item = items[Int(name)], seen.insert(item).inserted {
                    members.append(item)
                }
            }
            guard members.count > 1 else { continue }
            let context = UInt32(table.contexts.count)
            table.contexts.append(stanza.name)
            table.edges += members.map { Edge(context: context, item: $0) }
        }
        return table
    }

    /// The package that each of `names` stands for: its own, or the only one that provides it.
    private static func packages(_ stanzas: [DebianStanza], names: [String]) -> [UInt32?] {
        var positions: [String: UInt32] = [:]
        positions.reserveCapacity(stanzas.count)
        var providers: [UInt32: Set<UInt32>] = [:]
        for (index, stanza) in stanzas.enumerated() {
            positions[stanza.name] = UInt32(index)
            for name in stanza.provided {
                providers[name, default: []].insert(UInt32(index))
            }
        }
        return names.enumerated().map { name, text in
            if let package = positions[text] { return package }
            let providers = providers[UInt32(name), default: []]
            return providers.count == 1 ? providers.first : nil
        }
    }
}

extension Item {
    fileprivate init(_ stanza: DebianStanza) {
        self.init(id: stanza.name, text: stanza.description)
        if !stanza.section.isEmpty { fields["section"] = [stanza.section] }
        if !stanza.tags.isEmpty { fields["tag"] = stanza.tags }
    }
}
