/// Calls `body` with the UTF-8 of each word of a text, lower-cased: the runs of letters, marks and
/// digits, of any script, that have two bytes or more.
func forEachWord(of text: String, _ body: (ArraySlice<UInt8>) -> Void) {
    var word: [UInt8] = []
    func end() {
        if word.count >= 2 { body(word[...]) }
        word.removeAll(keepingCapacity: true)
    }
    for scalar in text.lowercased().unicodeScalars {
        if scalar.isPartOfWord {
            word.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else {
            end()
        }
    }
    end()
}

/// Calls `body` with each run of `length` characters of a word between `<` and `>`, so that
/// beginnings and ends differ from middles (Bojanowski and others, TACL 2017).
func forEachRun(of length: Int, in word: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
    let padded = [UInt8(ascii: "<")] + word + [UInt8(ascii: ">")]
    // Where characters start: all but the bytes that continue one.
    let starts = padded.indices.filter { padded[$0] & 0xC0 != 0x80 } + [padded.count]
    for first in 0..<max(0, starts.count - length) {
        body(padded[starts[first]..<starts[first + length]])
    }
}

extension Unicode.Scalar {
    fileprivate var isPartOfWord: Bool {
        if isASCII {
            return (97...122).contains(value) || (48...57).contains(value)
        }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber:
            return true
        default:
            return false
        }
    }
}
