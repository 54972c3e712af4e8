extension Span where Element: BitwiseCopyable {
    /// A copy of all elements.
    var elements: [Element] {
        [Element](capacity: count) { copy in
            for index in indices {
                copy.append(self[index])
            }
        }
    }
}
