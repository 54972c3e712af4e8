/// How exactly the values of vectors are kept.
package enum Precision: String, Codable, Sendable, CaseIterable {
    /// 32-bit floats, as they were computed.
    case fp32
    /// 16-bit floats, which take half the room and keep three digits.
    case fp16

    /// The bytes of one value.
    package var size: Int {
        switch self {
        case .fp32: 4
        case .fp16: 2
        }
    }

    /// The largest value that can be kept.
    package var largest: Float {
        switch self {
        case .fp32: .greatestFiniteMagnitude
        case .fp16: Float(Float16.greatestFiniteMagnitude)
        }
    }
}
