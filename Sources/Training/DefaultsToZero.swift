/// A setting that older checkpoints do not have, and mean none by it.
@propertyWrapper
package struct DefaultsToZero<Value>: Codable, Sendable, Equatable
where Value: AdditiveArithmetic & Codable & Sendable {
    package var wrappedValue: Value

    package init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }

    package init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode(Value.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension KeyedDecodingContainer {
    /// What a synthesised `init(from:)` calls for such a setting.
    package func decode<Value>(
        _: DefaultsToZero<Value>.Type,
        forKey key: Key
    ) throws -> DefaultsToZero<Value> {
        DefaultsToZero(wrappedValue: try decodeIfPresent(Value.self, forKey: key) ?? .zero)
    }
}
