/// The header of a `.npy` file.
///
/// ```
/// offset  size  content
/// 0       6     0x93, "NUMPY"
/// 6       2     the version of the format: 1.0, 2.0 or 3.0
/// 8       2     the length of what follows (4 bytes from version 2 on), little-endian
/// 10      …     a dictionary of Python, as text:
///               {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
/// ```
struct NumPyHeader {
    /// Why bytes are no such header.
    struct Fault: Error {
        let reason: String
    }

    let element: NumPyArray.Element
    let shape: [Int]
    /// Where the values begin.
    let size: Int
    /// How many bytes the values have.
    let valueBytes: Int

    /// Reads the header of a whole file, and checks that the file has the values it tells of.
    init(_ file: Span<UInt8>) throws(Fault) {
        let magic: [UInt8] = [0x93] + "NUMPY".utf8
        guard file.count >= 10, magic.indices.allSatisfy({ file[$0] == magic[$0] }) else {
            throw Fault(reason: "it does not begin as NumPy's files do")
        }
        guard 1...3 ~= file[6], file[7] == 0 else {
            throw Fault(reason: "its version is \(file[6]).\(file[7]), not 1.0, 2.0 or 3.0")
        }
        let start = file[6] == 1 ? 10 : 12
        guard file.count >= start else { throw Fault(reason: "it ends in its header") }
        let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(file[$1]) }
        guard length <= file.count - start else { throw Fault(reason: "it ends in its header") }
        size = start + length
        var dictionary = HeaderDictionary(file.extracting(start..<size))
        (element, shape) = try dictionary.read()
        var needed = element.size
        for extent in shape {
            let (product, overflow) = needed.multipliedReportingOverflow(by: extent)
            guard !overflow else { throw Fault(reason: "its shape \(shape) is beyond all bounds") }
            needed = product
        }
        valueBytes = needed
        guard file.count - size == needed else {
            throw Fault(
                reason: "its shape \(shape) of \(element.rawValue) takes \(needed) bytes, "
                    + "but there are \(file.count - size)"
            )
        }
    }
}

/// The three entries of the header's dictionary, in any order.
private struct HeaderDictionary: ~Escapable {
    private let text: Span<UInt8>
    private var offset = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        self.text = text
    }

    @_lifetime(self: copy self)
    mutating func read() throws(NumPyHeader.Fault) -> (NumPyArray.Element, [Int]) {
        var element: NumPyArray.Element?
        var shape: [Int]?
        var isInOrder = false
        try expect("{")
        while !accept("}") {
            let name = try quoted()
            try expect(":")
            switch name {
            case "descr": element = try readElement()
            case "fortran_order": isInOrder = try readOrder()
            case "shape": shape = try readShape()
            default: throw fault("has an entry '\(name)' that is not known")
            }
            guard accept(",") || peek() == UInt8(ascii: "}") else { throw fault("lacks a comma") }
        }
        guard peek() == nil else { throw fault("goes on behind its end") }
        guard let element, let shape, isInOrder else { throw fault("lacks an entry") }
        return (element, shape)
    }

    @_lifetime(self: copy self)
    private mutating func readElement() throws(NumPyHeader.Fault) -> NumPyArray.Element {
        let description = try quoted()
        guard let element = NumPyArray.Element(rawValue: description) else {
            let known = NumPyArray.Element.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("tells of values '\(description)'; possible are \(known)")
        }
        return element
    }

    @_lifetime(self: copy self)
    private mutating func readOrder() throws(NumPyHeader.Fault) -> Bool {
        switch word() {
        case "False": return true
        case "True": throw fault("tells of Fortran order; save it with np.ascontiguousarray")
        default: throw fault("has a 'fortran_order' that is neither True nor False")
        }
    }

    @_lifetime(self: copy self)
    private mutating func readShape() throws(NumPyHeader.Fault) -> [Int] {
        var shape: [Int] = []
        try expect("(")
        while !accept(")") {
            guard let extent = Int(word()), extent >= 0 else {
                throw fault("has a shape that is not made of numbers")
            }
            shape.append(extent)
            guard accept(",") || peek() == UInt8(ascii: ")") else { throw fault("lacks a comma") }
        }
        guard 1...2 ~= shape.count else {
            throw fault("tells of \(shape.count) dimensions; possible are 1 and 2")
        }
        return shape
    }

    // MARK: Tokens

    @_lifetime(self: copy self)
    private mutating func peek() -> UInt8? {
        while offset < text.count, isBlank(text[offset]) { offset += 1 }
        return offset < text.count ? text[offset] : nil
    }

    @_lifetime(self: copy self)
    private mutating func accept(_ mark: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: mark) else { return false }
        offset += 1
        return true
    }

    @_lifetime(self: copy self)
    private mutating func expect(_ mark: Unicode.Scalar) throws(NumPyHeader.Fault) {
        guard accept(mark) else { throw fault("lacks a '\(mark)'") }
    }

    /// A text in single quotes.
    @_lifetime(self: copy self)
    private mutating func quoted() throws(NumPyHeader.Fault) -> String {
        try expect("'")
        guard let end = text.firstIndex(of: UInt8(ascii: "'"), in: offset..<text.count) else {
            throw fault("lacks a quote")
        }
        defer { offset = end + 1 }
        return String(decoding: text.extracting(offset..<end))
    }

    /// Letters and digits.
    @_lifetime(self: copy self)
    private mutating func word() -> String {
        _ = peek()
        let start = offset
        while offset < text.count, Character(.init(text[offset])).isASCIIWord { offset += 1 }
        return String(decoding: text.extracting(start..<offset))
    }

    private func fault(_ what: String) -> NumPyHeader.Fault {
        NumPyHeader.Fault(reason: "its header \(what)")
    }
}

extension Character {
    fileprivate var isASCIIWord: Bool {
        isASCII && (isLetter || isNumber)
    }
}
