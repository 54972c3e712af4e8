// Inner products and squared distances, of floats and of halves.
//
// Included by each level, which says before what its Lanes are (`width` floats), and how it loads
// them (floats, some_floats, halves, some_halves), combines them (minus, plus_product) and folds
// them into four (folded). What begins with some_ loads at least one value and fewer than `width`,
// and zeros behind them.
#pragma once
#include "Sums.h"

/// What a score is made of; always a constant where these functions are called.
typedef enum { products, distances } Kind;
typedef enum { of_floats, of_halves } Form;

INLINE const char *vector_at(const void *vectors, size_t row, size_t dimension, Form form) {
    const size_t size = form == of_halves ? sizeof(uint16_t) : sizeof(float);
    return (const char *)vectors + row * dimension * size;
}

INLINE Lanes all_lanes(const void *vector, size_t place, Form form) {
    return form == of_halves ? halves((const uint16_t *)vector + place)
                             : floats((const float *)vector + place);
}

INLINE Lanes some_lanes(const void *vector, size_t place, size_t count, Form form) {
    return form == of_halves ? some_halves((const uint16_t *)vector + place, count)
                             : some_floats((const float *)vector + place, count);
}

INLINE Lanes plus_term(Lanes sum, Lanes query, Lanes value, Kind kind) {
    if (kind == products) return plus_product(sum, query, value);
    const Lanes difference = minus(query, value);
    return plus_product(sum, difference, difference);
}

/// The folded sums of `many` vectors (a constant), which share the loads of the query.
///
/// Each vector has two sums, so that an addition need not wait for the one before it.
INLINE void add_terms(
    const float *query, const char *const *vectors, size_t dimension, size_t many, Kind kind,
    Form form, FourFloats *sums) {
    Lanes even[4] = {}, odd[4] = {};
    size_t place = 0;
    for (; place + 2 * width <= dimension; place += 2 * width) {
        const Lanes first = floats(query + place), second = floats(query + place + width);
        for (size_t v = 0; v < many; ++v) {
            even[v] = plus_term(even[v], first, all_lanes(vectors[v], place, form), kind);
            odd[v] = plus_term(odd[v], second, all_lanes(vectors[v], place + width, form), kind);
        }
    }
    if (place + width <= dimension) {
        const Lanes first = floats(query + place);
        for (size_t v = 0; v < many; ++v)
            even[v] = plus_term(even[v], first, all_lanes(vectors[v], place, form), kind);
        place += width;
    }
    if (place < dimension) {
        const size_t rest = dimension - place;
        const Lanes last = some_floats(query + place, rest);
        for (size_t v = 0; v < many; ++v)
            odd[v] = plus_term(odd[v], last, some_lanes(vectors[v], place, rest, form), kind);
    }
    for (size_t v = 0; v < many; ++v) sums[v] = folded(even[v] + odd[v]);
}

INLINE float score(
    const float *query, const char *vector, size_t dimension, Kind kind, Form form) {
    FourFloats folded;
    add_terms(query, &vector, dimension, 1, kind, form, &folded);
    return sum(folded);
}

INLINE void score_four(
    const float *query, const char *const vectors[4], size_t dimension, Kind kind, Form form,
    float *scores) {
    FourFloats folded[4];
    add_terms(query, vectors, dimension, 4, kind, form, folded);
    store_sums(folded, scores);
}

/// Asks for the bytes of a vector, at most for those of a page's quarter: then the processor sees
/// by itself where the reading goes.
INLINE void fetch(const char *vector, const char *end) {
    if (end - vector > 1024) end = vector + 1024;
    for (; vector < end; vector += 64) __builtin_prefetch(vector);
}

/// How many bytes ahead of the scoring halves are asked for.
enum { bytes_ahead = 8192 };

INLINE void score_each(
    const float *query, const void *vectors, size_t dimension, size_t count, Kind kind, Form form,
    float *scores) {
    size_t row = 0;
    for (; row + 4 <= count; row += 4) {
        const char *four[4];
        for (size_t v = 0; v < 4; ++v) four[v] = vector_at(vectors, row + v, dimension, form);
        // Halves from memory come a fifth faster so (27 ns instead of 33 for 128). Floats come as
        // fast as memory allows without, and from a cache they would come slower.
        for (size_t v = 0; v < 4 && form == of_halves; ++v) {
            const char *later = four[v] + bytes_ahead;
            fetch(later, vector_at(later, 1, dimension, form));
        }
        score_four(query, four, dimension, kind, form, scores + row);
    }
    for (; row < count; ++row) {
        const char *vector = vector_at(vectors, row, dimension, form);
        scores[row] = score(query, vector, dimension, kind, form);
    }
}

/// How many rows are on their way while one is scored.
enum { rows_ahead = 8 };

INLINE void score_rows(
    const float *query, const void *vectors, size_t dimension, const uint32_t *rows, size_t count,
    Kind kind, Form form, float *scores) {
    size_t fetched = 0, place = 0;
    for (; place < count; place += 4) {
        for (; fetched < count && fetched < place + 4 + rows_ahead; ++fetched) {
            fetch(
                vector_at(vectors, rows[fetched], dimension, form),
                vector_at(vectors, rows[fetched] + (size_t)1, dimension, form));
        }
        if (place + 4 > count) break;
        const char *four[4];
        for (size_t v = 0; v < 4; ++v)
            four[v] = vector_at(vectors, rows[place + v], dimension, form);
        score_four(query, four, dimension, kind, form, scores + place);
    }
    for (; place < count; ++place) {
        const char *vector = vector_at(vectors, rows[place], dimension, form);
        scores[place] = score(query, vector, dimension, kind, form);
    }
}

/// The three functions of a kind and a form, and their entry for the table.
#define SCORES(name, kind, form)                                                                  \
    static float name##_one(const float *query, const void *vector, size_t dimension) {          \
        return score(query, (const char *)vector, dimension, kind, form);                         \
    }                                                                                             \
    static void name##_each(                                                                      \
        const float *query, const void *vectors, size_t dimension, size_t count, float *scores) { \
        score_each(query, vectors, dimension, count, kind, form, scores);                         \
    }                                                                                             \
    static void name##_rows(                                                                      \
        const float *query, const void *vectors, size_t dimension, const uint32_t *rows,          \
        size_t count, float *scores) {                                                            \
        score_rows(query, vectors, dimension, rows, count, kind, form, scores);                   \
    }

SCORES(products, products, of_floats)
SCORES(distances, distances, of_floats)
SCORES(half_products, products, of_halves)
SCORES(half_distances, distances, of_halves)

#define SCORES_OF(name) {name##_one, name##_each, name##_rows}
