// The kernels as a library that the tests load: see `src/gpu/emulated.rs`.

#include "emulated.h"

#include "kernels.cu"

#include <string>
#include <utility>

template <typename... Arguments, size_t... At>
static void call(void (*kernel)(Arguments...), void** given, std::index_sequence<At...>) {
    kernel(*(Arguments*)given[At]...);
}

#define KERNEL(name) \
    if (kernel == #name) return emulated::launch([](void** given) { call(name, given); }, blocks, threads, given);

template <typename... Arguments> static void call(void (*kernel)(Arguments...), void** given) {
    call(kernel, given, std::index_sequence_for<Arguments...>());
}

extern "C" bool emulated_launch(const char* name, unsigned blocks, unsigned threads, void** given) {
    std::string kernel = name;
    KERNEL(narrow)
    KERNEL(widen)
    KERNEL(gelu_f32)
    KERNEL(gelu_bf16)
    KERNEL(geglu_f32)
    KERNEL(geglu_bf16)
    KERNEL(layer_norm_f32)
    KERNEL(layer_norm_bf16)
    KERNEL(softmax_f32)
    KERNEL(softmax_bf16)
    KERNEL(lattice)
    KERNEL(densities)
    KERNEL(samples)
    return false;
}
