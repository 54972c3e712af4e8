/// What is to be told of a descriptor, beside that it is over.
struct Interest: OptionSet {
    static let reading = Interest(rawValue: 1)
    static let writing = Interest(rawValue: 2)

    let rawValue: UInt8
}
