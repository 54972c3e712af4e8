import COpenBLAS
import Synchronization

/// Matrix products by OpenBLAS.
package enum BLAS {
    private static let threads = Atomic(1)

    /// OpenBLAS's own threads spin between two products and get in the way of ours, so each of its
    /// calls runs on one thread, and a large product is split over calls.
    private static let prepare: Void = {
        COpenBLAS_choose_kernels()
        openblas_set_num_threads(1)
    }()

    /// How many threads a product may use, for the whole process; 1 until it is set.
    package static func setThreads(_ count: Int) {
        _ = prepare
        threads.store(max(1, count), ordering: .relaxed)
    }

    /// The name of the kernels that OpenBLAS takes on this processor.
    package static var kernels: String {
        _ = prepare
        return unsafe openblas_get_corename().map { unsafe String(cString: $0) } ?? "unknown"
    }

    /// The threads for a product of `multiplications`; small ones do not gain by a second.
    static func threads(for multiplications: Int) -> Int {
        _ = prepare
        let worthwhile = 1 << 20
        return multiplications < worthwhile ? 1 : threads.load(ordering: .relaxed)
    }
}
