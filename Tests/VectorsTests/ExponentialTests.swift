import Foundation
import Testing
import Vectors

struct ExponentialTests {
    @Test func `exponentials agree with the C library's`() {
        let inputs = stride(from: Float(-87), through: 87, by: 0.037).map(\.self)
        var values = inputs
        var span = values.mutableSpan
        exponentiate(&span, in: 0..<inputs.count, minus: 0.5)
        for (input, value) in zip(inputs, values) where abs(input - 0.5) <= 87 {
            let exact = exp(Double(input - 0.5))
            #expect(abs(Double(value) - exact) < (3e-7 + 1.5e-7 * abs(Double(input))) * exact)
        }
    }

    @Test(arguments: [Float.infinity, -Float.infinity, 1e30, -1e30, 88, -88] as [Float])
    func `exponentials beyond the range stay finite and above zero`(input: Float) {
        var values = [input]
        var span = values.mutableSpan
        exponentiate(&span, in: 0..<1, minus: 0)
        #expect(values[0].isFinite && values[0] > 0)
    }

    @Test func `only the range is changed`() {
        var values: [Float] = [1, 1, 1, 1]
        var span = values.mutableSpan
        exponentiate(&span, in: 1..<3, minus: 1)
        #expect(values == [1, 1, 1, 1])
        var others = values.mutableSpan
        exponentiate(&others, in: 1..<3, minus: 0)
        #expect(values[0] == 1 && values[3] == 1)
        #expect(abs(values[1] - 2.718_281_8) < 1e-6 && values[1] == values[2])
    }

    @Test func `a sum is the sum`() {
        #expect(sum([0.5, 1, -2, 4].span) == 3.5)
        #expect(sum([Float]().span) == 0)
    }
}
