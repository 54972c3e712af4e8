// The border that no C++ exception crosses.
#pragma once
#include "CFaiss.h"

#include <faiss/impl/FaissException.h>

#include <cstdio>
#include <new>
#include <sstream>
#include <stdexcept>

namespace cfaiss {

/// An argument that cannot be right.
struct ArgumentError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws an ArgumentError whose sentence is put together from `parts` unless the condition holds.
template <class... Parts> void require(bool condition, const Parts &...parts) {
    if (condition) return;
    std::ostringstream sentence;
    (sentence << ... << parts);
    throw ArgumentError(sentence.str());
}

inline void fail(CFaissError *error, CFaissStatus status, const char *message) noexcept {
    error->status = status;
    snprintf(error->message, sizeof error->message, "%s", message);
}

/// Runs `body` and returns what it returns, or its type's zero where it threw.
template <class Body> auto guarded(CFaissError *error, Body &&body) noexcept -> decltype(body()) {
    error->status = CFaissStatusOk;
    error->message[0] = 0;
    try {
        return body();
    } catch (const ArgumentError &cause) {
        fail(error, CFaissStatusArgument, cause.what());
    } catch (const faiss::FaissException &cause) {
        fail(error, CFaissStatusFaiss, cause.what());
    } catch (const std::bad_alloc &) {
        fail(error, CFaissStatusMemory, "the memory does not suffice for the index");
    } catch (const std::exception &cause) {
        fail(error, CFaissStatusOther, cause.what());
    } catch (...) {
        fail(error, CFaissStatusOther, "an unknown C++ exception");
    }
    return decltype(body())();
}

/// Runs `body`, and tells how it went.
template <class Body> CFaissStatus guarded_status(CFaissError *error, Body &&body) noexcept {
    guarded(error, [&] {
        body();
        return true;
    });
    return error->status;
}

}  // namespace cfaiss
