// Faiss's distances, by our kernels.
//
// Why it exists: Debian builds Faiss for any x86-64 processor, so that its loops take one float at
// a time. Faiss calls them through symbols of one member of libfaiss.a, distances_simd.cpp.o. What
// the other members ask for from it is defined here, so that the linker never takes that member; if
// it did, every function here would be there twice, and the link would fail. It may go when Debian
// builds Faiss for more than one level of processors.
#include "CKernels.h"

#include <faiss/utils/distances.h>

#include <algorithm>
#include <cmath>

namespace faiss {

// MARK: - What searches and training spend their time in

float fvec_inner_product(const float *x, const float *y, size_t d) {
    return CKernels_best()->products.one(x, y, d);
}

float fvec_L2sqr(const float *x, const float *y, size_t d) {
    return CKernels_best()->distances.one(x, y, d);
}

float fvec_norm_L2sqr(const float *x, size_t d) { return fvec_inner_product(x, x, d); }

void fvec_inner_products_ny(float *ip, const float *x, const float *y, size_t d, size_t ny) {
    CKernels_best()->products.each(x, y, d, ny, ip);
}

void fvec_L2sqr_ny(float *dis, const float *x, const float *y, size_t d, size_t ny) {
    CKernels_best()->distances.each(x, y, d, ny, dis);
}

size_t fvec_L2sqr_ny_nearest(
    float *distances, const float *x, const float *y, size_t d, size_t ny) {
    fvec_L2sqr_ny(distances, x, y, d, ny);
    return std::min_element(distances, distances + ny) - distances;
}

// MARK: - What our kinds of index never call

size_t fvec_L2sqr_ny_nearest_y_transposed(
    float *distances, const float *x, const float *y, const float *y_sqlen, size_t d,
    size_t d_offset, size_t ny) {
    for (size_t i = 0; i < ny; ++i) {
        float product = 0;
        for (size_t j = 0; j < d; ++j) product += x[j] * y[i + j * d_offset];
        distances[i] = fvec_norm_L2sqr(x, d) + y_sqlen[i] - 2 * product;
    }
    return std::min_element(distances, distances + ny) - distances;
}

float fvec_L1(const float *x, const float *y, size_t d) {
    float sum = 0;
    for (size_t i = 0; i < d; ++i) sum += std::fabs(x[i] - y[i]);
    return sum;
}

float fvec_Linf(const float *x, const float *y, size_t d) {
    float largest = 0;
    for (size_t i = 0; i < d; ++i) largest = std::fmax(largest, std::fabs(x[i] - y[i]));
    return largest;
}

void fvec_add(size_t d, const float *a, const float *b, float *c) {
    for (size_t i = 0; i < d; ++i) c[i] = a[i] + b[i];
}

void fvec_add(size_t d, const float *a, float b, float *c) {
    for (size_t i = 0; i < d; ++i) c[i] = a[i] + b;
}

void fvec_sub(size_t d, const float *a, const float *b, float *c) {
    for (size_t i = 0; i < d; ++i) c[i] = a[i] - b[i];
}

void fvec_madd(size_t n, const float *a, float bf, const float *b, float *c) {
    for (size_t i = 0; i < n; ++i) c[i] = a[i] + bf * b[i];
}

int fvec_madd_and_argmin(size_t n, const float *a, float bf, const float *b, float *c) {
    fvec_madd(n, a, bf, b, c);
    return static_cast<int>(std::min_element(c, c + n) - c);
}

}  // namespace faiss
