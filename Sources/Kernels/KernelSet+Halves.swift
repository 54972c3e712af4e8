import CKernels

/// Conversions between floats and halves, IEEE 754 binary32 and binary16.
extension KernelSet {
    /// Rounds `floats` (count) to the nearest `halves` (count), ties to even; what is too large for
    /// a half becomes infinite.
    package func convert(_ floats: Span<Float>, into halves: inout MutableSpan<Float16>) {
        precondition(floats.count == halves.count, "each float has one half")
        unsafe floats.withUnsafeBufferPointer { floats in
            unsafe halves.withUnsafeMutableBufferPointer { halves in
                unsafe halves.withMemoryRebound(to: UInt16.self) { halves in
                    unsafe table.pointee.to_halves(
                        floats.baseAddress,
                        floats.count,
                        halves.baseAddress
                    )
                }
            }
        }
    }

    /// The values of `halves` (count) as `floats` (count), exactly.
    package func convert(_ halves: Span<Float16>, into floats: inout MutableSpan<Float>) {
        precondition(floats.count == halves.count, "each half has one float")
        unsafe halves.withUnsafeBufferPointer { halves in
            unsafe halves.withMemoryRebound(to: UInt16.self) { halves in
                unsafe floats.withUnsafeMutableBufferPointer { floats in
                    unsafe table.pointee.from_halves(
                        halves.baseAddress,
                        halves.count,
                        floats.baseAddress
                    )
                }
            }
        }
    }
}
