extension [UInt64] {
    /// Brings the `limit` largest numbers to the front, in any order.
    ///
    /// Most visits lie outside a neighbourhood and need not be sorted. The numbers must differ.
    /// Source: C. A. R. Hoare, "Algorithm 65: Find", CACM 1961.
    mutating func moveLargest(_ limit: Int) {
        var (low, high) = (0, count - 1)
        while low < high, limit > low, limit <= high {
            let pivot = self[low + (high - low) / 2]
            var (left, right) = (low, high)
            while left <= right {
                while self[left] > pivot { left += 1 }
                while self[right] < pivot { right -= 1 }
                if left <= right {
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if limit <= right {
                high = right
            } else if limit > left {
                low = left
            } else {
                return
            }
        }
    }
}
