import SwiftProtobuf
import Wire

extension Message where Self: _ProtoNameProviding {
    /// The message that `json` is; an empty text is one without fields.
    ///
    /// - Throws: ``RetrievalClientError``, which tells what fields there are.
    init(json: String) throws(RetrievalClientError) {
        do {
            self = try Self(jsonString: json.isEmpty ? "{}" : json)
        } catch {
            throw RetrievalClientError(
                .invalidArgument,
                "\(json.prefix(80)) is not a \(Self.protoMessageName) in JSON: "
                    + Self.reason(error, in: json)
            )
        }
    }

    private static func reason(_ error: any Error, in json: String) -> String {
        if case JSONDecodingError.unknownField(let name) = error,
            let inner = innerMessage(of: json, withUnknown: name)
        {
            return "there is no field \(name) in a \(inner.protoMessageName); \(inner.fields)"
        }
        return "\(reason(error)); \(fields)"
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case JSONDecodingError.unknownField(let name): "there is no field \(name)"
        case JSONDecodingError.truncated: "it has no end"
        case JSONDecodingError.trailingGarbage: "there is more after its end"
        case JSONDecodingError.unrecognizedEnumValue: "a name that is none of its field's values"
        case JSONDecodingError.numberRange: "a number is out of its field's range"
        case JSONDecodingError.malformedNumber: "what should be a number is none"
        case JSONDecodingError.malformedBool: "what should be true or false is neither"
        case JSONDecodingError.malformedString: "what should be a text in quotes is none"
        default: "it is no JSON, or a value is not of its field's kind (\(error))"
        }
    }
}

extension Message where Self: _ProtoNameProviding {
    /// What fields there are, for people.
    fileprivate static var fields: String {
        let names = Google_Protobuf_FieldMask(allFieldsOf: Self.self).paths.sorted()
        return names.isEmpty
            ? "it has no fields: give {}" : "its fields are \(names.joined(separator: ", "))"
    }
}
