import Testing

@testable import Commands

struct HistoryItemTests {
    @Test(
        arguments: [
            ("nginx", "nginx", 1), ("nginx=2", "nginx", 2), ("a=0.5", "a", 0.5), ("a=0", "a", 0),
            ("a=b", "a=b", 1), ("a=-1", "a=-1", 1), ("a=nan", "a=nan", 1), ("a=inf", "a=inf", 1),
            ("a=3=1", "a=3", 1), ("a=", "a=", 1), ("=", "=", 1),
        ] as [(String, String, Float)]
    )
    func `an item has the weight after its last sign`(text: String, id: String, weight: Float) {
        let item = HistoryItem(text)
        #expect(item?.id == id)
        #expect(item?.weight == weight)
    }

    @Test(arguments: ["", "=2"])
    func `an item without an id is none`(text: String) {
        #expect(HistoryItem(text) == nil)
    }
}
