/// One edge of the graph: a context that holds an item.
package struct Edge: Sendable, Equatable {
    /// The context's index.
    package var context: UInt32
    /// The item's index.
    package var item: UInt32
    /// How strongly they belong together, above zero; 1 where the data does not say.
    package var weight: Float
    /// When they came together, in the data's own unit, where the data says.
    package var time: Int64?

    /// What stands for an unknown time in a graph's file; as a time it means the same.
    package static let noTime = Int64.min

    package init(context: UInt32, item: UInt32, weight: Float = 1, time: Int64? = nil) {
        self.context = context
        self.item = item
        self.weight = weight
        self.time = time
    }
}
