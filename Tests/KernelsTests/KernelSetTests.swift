import Kernels
import Testing

struct KernelSetTests {
    @Test func `any processor runs the portable kernels`() {
        #expect(KernelSet(.portable)?.level == .portable)
    }

    @Test func `the best kernels are those of the last level that the processor can run`() {
        #expect(KernelSet.best.level == allKernels.last?.level)
    }
}
