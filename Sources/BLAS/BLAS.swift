import COpenBLAS

/// Matrix products by OpenBLAS.
package enum BLAS {
    /// Makes OpenBLAS ready, once for the process: the kernels that the processor can run, and one
    /// thread to a call.
    ///
    /// OpenBLAS's own threads spin between two calls and get in the way of ours. Products prepare
    /// by themselves; whoever lets Faiss use OpenBLAS (its training, LSH searches) calls this
    /// first, while one thread runs.
    package static func prepare() {
        _ = preparation
    }

    private static let preparation: Void = {
        COpenBLAS_choose_kernels()
        openblas_set_num_threads(1)
    }()

    /// The name of the kernels that OpenBLAS takes on this processor.
    package static var kernels: String {
        prepare()
        return unsafe openblas_get_corename().map { unsafe String(cString: $0) } ?? "unknown"
    }
}
