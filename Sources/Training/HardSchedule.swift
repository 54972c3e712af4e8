/// How many hard negatives a pair has, by epoch.
package enum HardSchedule: String, Codable, Sendable, CaseIterable {
    /// None: the paper's "mean-pooling" and "max-pooling".
    case never
    /// n - 1 in epoch n, up to a ceiling: the paper's curriculum (section 3.4), which learns the
    /// coarse before the fine.
    case curriculum
    /// The ceiling from the first epoch on; the paper found it to need twice the epochs.
    case always

    /// The number in epoch `number`, from 1.
    func count(inEpoch number: Int, atMost ceiling: Int) -> Int {
        switch self {
        case .never: 0
        case .curriculum: min(number - 1, ceiling)
        case .always: ceiling
        }
    }
}
