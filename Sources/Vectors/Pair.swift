/// A query item and an item that should be near it, as rows.
package struct Pair: Sendable, Hashable {
    package var query: Int
    package var item: Int

    package init(query: Int, item: Int) {
        self.query = query
        self.item = item
    }
}
