import Foundation
import SwiftProtobuf

/// A message whose fields have names.
typealias NamedMessage = Message & _ProtoNameProviding

extension Message where Self: _ProtoNameProviding {
    /// The kind of the message inside that `json` gives a field `name` which it does not have; nil
    /// where there is none inside.
    static func innerMessage(of json: String, withUnknown name: String) -> (any NamedMessage.Type)?
    {
        var options = JSONDecodingOptions()
        options.ignoreUnknownFields = true
        guard let message = try? Self(jsonString: json, options: options),
            let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            !hasUnknown(name, object)
        else { return nil }
        return message.owner(of: name, in: object)
    }

    /// The kind of the first message that has an unknown field `name` in `object`, which is this one.
    fileprivate func owner(of name: String, in object: Any) -> (any NamedMessage.Type)? {
        if Self.hasUnknown(name, object) { return Self.self }
        var visitor = InnerMessages<Self>(name: name, object: object as? [String: Any] ?? [:])
        try? traverse(visitor: &visitor)
        return visitor.owner
    }

    /// Whether `object` has a field `name`, and this kind of message has not.
    private static func hasUnknown(_ name: String, _ object: Any) -> Bool {
        guard let fields = object as? [String: Any], fields[name] != nil,
            let null = try? JSONSerialization.data(withJSONObject: [name: NSNull()])
        else { return false }
        // Null is a value of every field that there is.
        return (try? Self(jsonUTF8Bytes: null)) == nil
    }
}

/// Looks for an unknown field in the messages inside one of kind `Outer`, which only generated code
/// knows: it shows them to a visitor.
private struct InnerMessages<Outer: NamedMessage>: Visitor {
    let name: String
    let object: [String: Any]
    var owner: (any NamedMessage.Type)?

    mutating func visitSingularMessageField<M: Message>(value: M, fieldNumber: Int) {
        guard owner == nil, let inner = value as? any NamedMessage else { return }
        for spelling in Self.spellings(of: fieldNumber) {
            guard let part = object[spelling] else { continue }
            // Of many, each is shown by itself.
            for part in part as? [Any] ?? [part] where owner == nil {
                owner = inner.owner(of: name, in: part)
            }
        }
    }

    /// How JSON may call the field of `number`: as `retrieval.proto` does, and in camel case.
    private static func spellings(of number: Int) -> [String] {
        guard let field = try? Google_Protobuf_FieldMask(fieldNumbers: [number], of: Outer.self),
            let quoted = try? field.jsonString()
        else { return [] }
        return field.paths + [String(quoted.dropFirst().dropLast())]
    }

    // All else has no fields.
    mutating func visitUnknown(bytes: Data) {}
    mutating func visitSingularDoubleField(value: Double, fieldNumber: Int) {}
    mutating func visitSingularInt64Field(value: Int64, fieldNumber: Int) {}
    mutating func visitSingularUInt64Field(value: UInt64, fieldNumber: Int) {}
    mutating func visitSingularBoolField(value: Bool, fieldNumber: Int) {}
    mutating func visitSingularStringField(value: String, fieldNumber: Int) {}
    mutating func visitSingularBytesField(value: Data, fieldNumber: Int) {}
    mutating func visitSingularEnumField<E: Enum>(value: E, fieldNumber: Int) {}
    mutating func visitMapField<KeyType, ValueType: MapValueType>(
        fieldType: _ProtobufMap<KeyType, ValueType>.Type,
        value: _ProtobufMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) {}
    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufEnumMap<KeyType, ValueType>.Type,
        value: _ProtobufEnumMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) where ValueType.RawValue == Int {}
    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufMessageMap<KeyType, ValueType>.Type,
        value: _ProtobufMessageMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) {}
}
