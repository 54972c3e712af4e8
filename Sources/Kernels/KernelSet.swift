import CKernels

/// The loops over numbers that the processor runs widest, or those of one level of processors.
///
/// ```swift
/// let product = KernelSet.best.compare(query.span, with: vector.span, by: .innerProduct)
/// ```
@safe
package struct KernelSet: Sendable {
    /// What a processor can do; each level can also do what is before it.
    package enum Level: Sendable, CaseIterable {
        /// Anything.
        case portable
        /// AVX2, FMA, F16C and POPCNT.
        case avx2
        /// AVX-512 with VBMI, VNNI and VPOPCNTDQ.
        case avx512
    }

    /// A constant of the program, which lives as long as it.
    nonisolated(unsafe) let table: UnsafePointer<CKernelsTable>

    /// The kernels of the highest level that this processor can run.
    package static var best: KernelSet { unsafe KernelSet(table: CKernels_best()) }

    private init(table: UnsafePointer<CKernelsTable>) {
        unsafe self.table = unsafe table
    }

    /// The kernels of `level`, or nil where this processor cannot run them.
    package init?(_ level: Level) {
        let level: CKernelsLevel =
            switch level {
            case .portable: .portable
            case .avx2: .AVX2
            case .avx512: .AVX512
            }
        guard let table = unsafe CKernels_table(level) else { return nil }
        unsafe self.init(table: table)
    }

    /// The level that these are for.
    package var level: Level {
        switch unsafe table.pointee.level {
        case .portable: .portable
        case .AVX2: .avx2
        case .AVX512: .avx512
        }
    }
}
