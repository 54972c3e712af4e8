import EmbeddingStore
import Files
package import Foundation
import Graph

extension EdgeTable {
    /// Reads a file with one edge a line: context, item, and if known weight and time.
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
    ///   edge.
    package init(contentsOf url: URL) throws(DatasetError) {
        let bytes = try mappedBytes(of: url)
        let text = bytes.span
        var reader = LineReader(text, skipsComments: true)
        var contexts = NameTable()
        var items = NameTable()
        var edges: [Edge] = []
        var separator = url.pathExtension.lowercased() == "csv" ? Byte.comma : nil
        while let range = reader.line() {
            let line = text.extracting(range)
            if separator == nil {
                let hasTab = line.firstIndex(of: Byte.tab, in: 0..<line.count) != nil
                separator = hasTab ? Byte.tab : Byte.comma
            }
            do throws(EdgeLine.Fault) {
                let fields = try EdgeLine(line, separator: separator ?? Byte.tab)
                var edge = Edge(
                    context: try fields.name(0, "context", in: &contexts),
                    item: try fields.name(1, "item", in: &items)
                )
                if fields.count > 2 { edge.weight = try fields.weight(2) }
                if fields.count > 3 { edge.time = try fields.time(3) }
                edges.append(edge)
            } catch {
                let heading = reader.number == 1 ? " (a heading must start with #)" : ""
                throw .line(reader.number, of: url.path, line, error.reason + heading)
            }
        }
        guard !edges.isEmpty else {
            throw DatasetError(
                .empty,
                "\(url.path) has no edge; give one a line, as context<TAB>item"
            )
        }
        self.init(contexts: contexts.names, items: items.names, edges: edges)
    }
}
