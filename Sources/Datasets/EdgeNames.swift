import EmbeddingStore
import Files
package import Foundation
package import Graph

/// The names that a file of edges joins.
package struct EdgeNames: Sendable, Equatable {
    /// In the order in which they first appeared.
    package var contexts: [String]
    /// The known ones, and then those that only edges name, in the order in which they appeared.
    package var items: [String]

    package init(contexts: [String], items: [String]) {
        self.contexts = contexts
        self.items = items
    }
}

extension EdgeNames {
    /// Reads a file with one edge a line: context, item, and if known weight and time.
    ///
    /// `body` is given every edge as it is read, so that a file of any size needs memory for its
    /// names only. An edge's `context` and `item` are positions in ``contexts`` and ``items``, and
    /// `items` begins with `known`.
    ///
    /// ```
    /// # board   pin     weight  time
    /// kitchen   pin-17  1.5     1718000000
    /// kitchen   pin-3
    /// ```
    /// Fields are separated by tabs, or by commas where the file is called `.csv` or its first line
    /// has no tab; a field between commas may stand in double quotes. Blank lines and lines that
    /// start with `#` are passed over. A weight is a number above zero (1 where it is missing), a
    /// time an integer. A repeated edge is kept as often as it is there.
    ///
    /// - Throws: ``DatasetError`` that names the line, or the file where it is missing or has no
    ///   edge; what `body` throws.
    package init(
        ofEdgesIn url: URL,
        known: [String] = [],
        _ body: (Edge) throws -> Void
    ) throws {
        let bytes = try mappedBytes(of: url)
        let text = bytes.span
        var reader = LineReader(text, skipsComments: true)
        var contexts = NameTable()
        var items = NameTable()
        for id in known {
            _ = items.index(of: id.utf8.span)
        }
        var count = 0
        var separator = url.pathExtension.lowercased() == "csv" ? Byte.comma : nil
        while let range = reader.line() {
            let line = text.extracting(range)
            if separator == nil {
                let hasTab = line.firstIndex(of: Byte.tab, in: 0..<line.count) != nil
                separator = hasTab ? Byte.tab : Byte.comma
            }
            let edge: Edge
            do throws(EdgeLine.Fault) {
                let fields = try EdgeLine(line, separator: separator ?? Byte.tab)
                edge = Edge(
                    context: try fields.name(0, "context", in: &contexts),
                    item: try fields.name(1, "item", in: &items),
                    weight: fields.count > 2 ? try fields.weight(2) : 1,
                    time: fields.count > 3 ? try fields.time(3) : nil
                )
            } catch {
                let heading = reader.number == 1 ? " (a heading must start with #)" : ""
                throw DatasetError.line(reader.number, of: url.path, line, error.reason + heading)
            }
            try body(edge)
            count += 1
        }
        guard count > 0 else {
            throw DatasetError(
                .empty,
                "\(url.path) has no edge; give one a line, as context<TAB>item"
            )
        }
        self.init(contexts: contexts.names, items: items.names)
    }
}

extension EdgeTable {
    /// Reads a file of edges into memory (see ``EdgeNames``).
    package init(contentsOf url: URL) throws {
        var edges: [Edge] = []
        let names = try EdgeNames(ofEdgesIn: url) { edges.append($0) }
        self.init(contexts: names.contexts, items: names.items, edges: edges)
    }
}
