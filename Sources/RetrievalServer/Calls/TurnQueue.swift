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
        while let owner = turns.popFirst() {
            let element = waiting[owner]?.popFirst()
            if waiting[owner]?.isEmpty ?? true {
                waiting[owner] = nil
            } else {
                turns.append(owner)
            }
            guard let element else { continue }
            count -= 1
            return element
        }
        return nil
    }

    /// How many of `owner` wait.
    func count(of owner: Int) -> Int {
        waiting[owner]?.count ?? 0
    }

    /// Takes those of `owner` out that nobody waits for any longer.
    mutating func remove(of owner: Int, where isOver: (Element) -> Bool) -> [Element] {
        let all = waiting[owner] ?? []
        let left = all.filter { !isOver($0) }
        count -= all.count - left.count
        // Its turn stays, and finds nothing.
        waiting[owner] = left
        return all.filter(isOver)
    }
}
