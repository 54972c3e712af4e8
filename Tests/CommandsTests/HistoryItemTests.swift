import Testing

@testable import Commands

struct HistoryItemTests {
    @Test(
        arguments: [
            ("nginx", "nginx", 1), ("nginx=2", "nginx", 2), ("a=0.5", "a", 0.5), ("a=0", "a", 0),
            ("a=b", "a=b", 1), ("a=3=1", "a=3", 1), ("a=-1=1", "a=-1", 1), ("a=", "a=", 1),
            ("=", "=", 1),
        ] as [(String, String, Float)]
    )
    func `an item has the weight after its last sign`(
        text: String,
        id: String,
        weight: Float
    ) throws {
        let item = try HistoryItem(text)
        #expect(item.id == id && item.weight == weight)
    }

    @Test(arguments: [
        ("", "names no item"), ("=2", "names no item"), ("a=-1", "the weight of a is -1.0; give 0"),
        ("a=nan", "the weight of a is nan"), ("a=inf", "or a=inf=1 for an item of that id"),
    ])
    func `what is no item, or no weight, is refused by name`(text: String, part: String) {
        let error = #expect(throws: CommandError.self) { try HistoryItem(text) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }
}
