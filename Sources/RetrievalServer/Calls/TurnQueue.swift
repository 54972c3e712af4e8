import DequeModule

/// What waits, in turns: one of each owner, again and again, however much one of them has.
struct TurnQueue<Element> {
    private var waiting: [Int: Deque<Element>] = [:]
    /// The owners of what waits, in the order of their turns.
    private var turns: Deque<Int> = []
    /// How many wait.
    private(set) var count = 0

    mutating func append(_ element: Element, of owner: Int) {
        if waiting[owner] == nil {
            turns.append(owner)
        }
        waiting[owner, default: []].append(element)
        count += 1
    }

    /// Takes the one whose turn it is.
    mutating func popFirst() -> Element? {
        guard let owner = turns.popFirst(), let element = waiting[owner]?.popFirst() else {
            return nil
        }
        count -= 1
        if waiting[owner]?.isEmpty == true {
            waiting[owner] = nil
        } else {
            turns.append(owner)
        }
        return element
    }
}
