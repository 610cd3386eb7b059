// CUDA's words on a CPU, one block after the other: enough for `kernels.cu` to run where there is no GPU. Each thread of
// a block is a fiber, which runs until all must meet; so a barrier that not all reach is found, and runs are the same
// each time.

#pragma once
#define EMULATED

#include <ucontext.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#define __global__
#define __device__
#define __shared__ static

struct Index {
    unsigned x;
};
static Index threadIdx, blockIdx, blockDim;

struct __nv_bfloat16 {
    uint16_t bits;
};
static inline float __bfloat162float(__nv_bfloat16 number) {
    uint32_t bits = (uint32_t)number.bits << 16;
    float wide;
    std::memcpy(&wide, &bits, 4);
    return wide;
}
// To the nearest, of two as near to the even one; what is not a number stays none.
static inline __nv_bfloat16 __float2bfloat16(float number) {
    uint32_t bits;
    std::memcpy(&bits, &number, 4);
    if (number != number) return {0x7fff};
    return {(uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}

namespace emulated {

const unsigned MOST = 256;
const size_t STACK = 1 << 16;
enum State { RUNNING, MEETING, ENDED };

static ucontext_t scheduler, fibers[MOST];
static State states[MOST];
static char stacks[MOST][STACK];
static float numbers[MOST];
static void (*body)(void**);
static void** arguments;

static void run() {
    body(arguments);
    states[threadIdx.x] = ENDED;
}

static void meet() {
    unsigned me = threadIdx.x;
    states[me] = MEETING;
    swapcontext(&fibers[me], &scheduler);
}

// Whether all threads of all blocks ended without one waiting for another that never comes.
static bool launch(void (*kernel)(void**), unsigned blocks, unsigned threads, void** given) {
    if (threads > MOST) return false;
    body = kernel, arguments = given, blockDim.x = threads;
    for (blockIdx.x = 0; blockIdx.x < blocks; blockIdx.x++) {
        for (unsigned at = 0; at < threads; at++) {
            getcontext(&fibers[at]);
            fibers[at].uc_stack = {stacks[at], 0, STACK};
            fibers[at].uc_link = &scheduler;
            makecontext(&fibers[at], run, 0);
            states[at] = RUNNING;
        }
        for (unsigned ended = 0; ended < threads;) {
            ended = 0;
            for (unsigned at = 0; at < threads; at++) {
                if (states[at] == ENDED) return false;
                states[at] = RUNNING, threadIdx.x = at;
                swapcontext(&scheduler, &fibers[at]);
                ended += states[at] == ENDED;
            }
            if (ended != 0 && ended != threads) return false;
        }
    }
    return true;
}

} // namespace emulated

static inline void __syncthreads() { emulated::meet(); }
static inline float __shfl_xor_sync(unsigned, float number, int mask) {
    unsigned me = threadIdx.x;
    emulated::numbers[me] = number;
    emulated::meet();
    float theirs = emulated::numbers[me ^ (unsigned)mask];
    emulated::meet();
    return theirs;
}
