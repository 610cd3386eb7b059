// The GPU's part of a device: what cuBLASLt does not do. Products are its; everything between two products is here.
//
// Rows are row-major. T is what activations are kept in: float, or bfloat16 (as __nv_bfloat16), of which every number
// is widened before it is used: sums, means and exponentials are always float. Each kernel says how it is launched;
// `launch.rs` is the one place that does. This file also compiles as plain C++ against `tests/emulated.h`, where the
// tests run it.

#ifndef EMULATED
#include <cuda_bf16.h>
#endif

typedef __nv_bfloat16 half_t;
typedef unsigned int count_t;

// Threads of a block where a block has a row: 8 warps.
#define ROW 256
// Threads of a block where each thread has a point.
#define POINTS 128
// Numbers of a hidden layer.
#define NEURONS 64
// The exponent of a density is cut here, as on the CPU.
#define HIGHEST_EXPONENT 80.0f

__device__ inline float wide(float number) { return number; }
__device__ inline float wide(half_t number) { return __bfloat162float(number); }
__device__ inline void put(float* place, float number) { *place = number; }
__device__ inline void put(half_t* place, float number) { *place = __float2bfloat16(number); }

struct Sum {
    static __device__ float of(float a, float b) { return a + b; }
};
struct Highest {
    static __device__ float of(float a, float b) { return fmaxf(a, b); }
};

// Brings one number of each of ROW threads together; all threads get the result, always the same one.
template <typename How> __device__ float together(float number) {
    __shared__ float parts[ROW / 32];
    for (int distance = 16; distance > 0; distance /= 2) {
        number = How::of(number, __shfl_xor_sync(0xffffffffu, number, distance));
    }
    __syncthreads(); // The last call's parts have been read.
    if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = number;
    __syncthreads();
    number = parts[0];
    for (int warp = 1; warp < ROW / 32; warp++) number = How::of(number, parts[warp]);
    return number;
}

// x · Φ(x), with the exact error function.
__device__ inline float gelu_of(float x) { return 0.5f * x * (1.0f + erff(x * 0.70710678118654752f)); }
__device__ inline float sigmoid_of(float x) { return 1.0f / (1.0f + expf(-x)); }
__device__ inline float silu_of(float x) { return x / (1.0f + expf(-x)); }

__device__ inline count_t thread_number() { return blockIdx.x * blockDim.x + threadIdx.x; }

// ---- one thread a number -------------------------------------------------------------------------------------------

extern "C" __global__ void narrow(const float* from, half_t* to, count_t count) {
    count_t at = thread_number();
    if (at < count) put(to + at, from[at]);
}

extern "C" __global__ void widen(const half_t* from, float* to, count_t count) {
    count_t at = thread_number();
    if (at < count) to[at] = wide(from[at]);
}

template <typename T> __device__ void gelu(T* numbers, count_t count) {
    count_t at = thread_number();
    if (at < count) put(numbers + at, gelu_of(wide(numbers[at])));
}
extern "C" __global__ void gelu_f32(float* numbers, count_t count) { gelu(numbers, count); }
extern "C" __global__ void gelu_bf16(half_t* numbers, count_t count) { gelu(numbers, count); }

// [rows, 2 · columns] and a bias of as many → [rows, columns]; count = rows · columns.
template <typename T>
__device__ void geglu(const T* rows, const float* bias, T* to, count_t columns, count_t count) {
    count_t at = thread_number();
    if (at >= count) return;
    count_t column = at % columns;
    const T* row = rows + (size_t)(at / columns) * columns * 2;
    float value = wide(row[column]) + bias[column];
    float gate = wide(row[columns + column]) + bias[columns + column];
    put(to + at, value * gelu_of(gate));
}
extern "C" __global__ void geglu_f32(const float* r, const float* b, float* t, count_t c, count_t n) { geglu(r, b, t, c, n); }
extern "C" __global__ void geglu_bf16(const half_t* r, const float* b, half_t* t, count_t c, count_t n) { geglu(r, b, t, c, n); }

// ---- one block of ROW threads a row --------------------------------------------------------------------------------

// The mean first and then the variance around it: never a difference of two large sums.
template <typename T>
__device__ void layer_norm(const float* rows, const float* gain, const float* bias, float epsilon, T* to, count_t columns) {
    const float* row = rows + (size_t)blockIdx.x * columns;
    float sum = 0.0f;
    for (count_t at = threadIdx.x; at < columns; at += ROW) sum += row[at];
    float mean = together<Sum>(sum) / (float)columns;
    sum = 0.0f;
    for (count_t at = threadIdx.x; at < columns; at += ROW) sum += (row[at] - mean) * (row[at] - mean);
    float factor = 1.0f / sqrtf(together<Sum>(sum) / (float)columns + epsilon);
    T* out = to + (size_t)blockIdx.x * columns;
    for (count_t at = threadIdx.x; at < columns; at += ROW) put(out + at, (row[at] - mean) * factor * gain[at] + bias[at]);
}
extern "C" __global__ void layer_norm_f32(const float* r, const float* g, const float* b, float e, float* t, count_t c) { layer_norm(r, g, b, e, t, c); }
extern "C" __global__ void layer_norm_bf16(const float* r, const float* g, const float* b, float e, half_t* t, count_t c) { layer_norm(r, g, b, e, t, c); }

// Scores to shares of 1 along rows `stride` numbers apart; `to` may be `scores`: each number is read and written by
// one thread.
template <typename T> __device__ void softmax(const float* scores, T* to, count_t columns, count_t stride) {
    const float* row = scores + (size_t)blockIdx.x * stride;
    float highest = -INFINITY;
    for (count_t at = threadIdx.x; at < columns; at += ROW) highest = fmaxf(highest, row[at]);
    highest = together<Highest>(highest);
    float sum = 0.0f;
    for (count_t at = threadIdx.x; at < columns; at += ROW) sum += expf(row[at] - highest);
    float factor = 1.0f / together<Sum>(sum);
    T* out = to + (size_t)blockIdx.x * stride;
    for (count_t at = threadIdx.x; at < columns; at += ROW) put(out + at, expf(row[at] - highest) * factor);
}
extern "C" __global__ void softmax_f32(const float* s, float* t, count_t c, count_t d) { softmax(s, t, c, d); }
extern "C" __global__ void softmax_bf16(const float* s, half_t* t, count_t c, count_t d) { softmax(s, t, c, d); }

// ---- the field -----------------------------------------------------------------------------------------------------

// The two texels a coordinate lies between, −1 or `side` for one beyond the border, and the second one's weight.
struct Between {
    int before;
    float share;
};

__device__ inline Between between(float coordinate, count_t side) {
    // One more, so that rounding towards zero is rounding down; far away is as good as just beyond.
    float place = (coordinate + 1.0f) * (float)side / 2.0f + 0.5f;
    place = fminf(fmaxf(place, 0.0f), (float)side + 1.0f);
    int whole = (int)place;
    return {whole - 1, place - (float)whole};
}

// One number of a bilinear sample of a plane [side, side, NEURONS], zeros beyond the border, texels being areas.
__device__ float sampled(const float* plane, count_t side, float across, float down, count_t neuron) {
    Between x = between(across, side), y = between(down, side);
    float sum = 0.0f;
    for (int lower = 0; lower < 2; lower++) {
        for (int right = 0; right < 2; right++) {
            int column = x.before + right, row = y.before + lower;
            if (column < 0 || row < 0 || column >= (int)side || row >= (int)side) continue;
            float weight = (lower ? y.share : 1.0f - y.share) * (right ? x.share : 1.0f - x.share);
            sum += weight * plane[((size_t)row * side + column) * NEURONS + neuron];
        }
    }
    return sum;
}

__device__ inline float node(count_t number, count_t resolution) {
    return (float)number / (float)(resolution - 1) * 2.0f - 1.0f;
}

// A plane at the nodes of a grid, [resolution, resolution, NEURONS], plus a bias if there is one: one thread a number.
extern "C" __global__ void lattice(const float* plane, count_t side, const float* bias, float* to, count_t resolution) {
    count_t at = thread_number();
    if (at >= resolution * resolution * NEURONS) return;
    count_t neuron = at % NEURONS, place = at / NEURONS;
    float across = node(place / resolution, resolution), down = node(place % resolution, resolution);
    to[at] = sampled(plane, side, across, down, neuron) + (bias ? bias[neuron] : 0.0f);
}

// All layers after the first product. `layers` holds for each hidden layer [in, out] and its bias, then the last
// layer's [4, in] and its bias. Each thread has a point and its numbers; a layer is brought to the block's memory once.
struct Perceptron {
    const float* layers;
    count_t hidden;
    float density_bias;
};

__device__ void hidden_layers(const Perceptron& perceptron, float* numbers, float* shared) {
    for (int at = 0; at < NEURONS; at++) numbers[at] = silu_of(numbers[at]);
    for (count_t layer = 0; layer < perceptron.hidden; layer++) {
        const float* weights = perceptron.layers + (size_t)layer * (NEURONS + 1) * NEURONS;
        __syncthreads();
        for (int at = threadIdx.x; at < (NEURONS + 1) * NEURONS; at += POINTS) shared[at] = weights[at];
        __syncthreads();
        float sums[NEURONS];
#pragma unroll
        for (int out = 0; out < NEURONS; out++) sums[out] = shared[NEURONS * NEURONS + out];
#pragma unroll
        for (int in = 0; in < NEURONS; in++) {
#pragma unroll
            for (int out = 0; out < NEURONS; out++) sums[out] += numbers[in] * shared[in * NEURONS + out];
        }
#pragma unroll
        for (int at = 0; at < NEURONS; at++) numbers[at] = silu_of(sums[at]);
    }
}

__device__ float last_layer(const Perceptron& perceptron, const float* numbers, int output) {
    const float* last = perceptron.layers + (size_t)perceptron.hidden * (NEURONS + 1) * NEURONS;
    float sum = last[4 * NEURONS + output];
#pragma unroll
    for (int in = 0; in < NEURONS; in++) sum += numbers[in] * last[output * NEURONS + in];
    return sum;
}

__device__ inline float density_of(float number, float bias) { return expf(fminf(number + bias, HIGHEST_EXPONENT)); }

// The density at nodes (x, y, z), or at all of them, z fastest, if there are none; blocks of POINTS threads. `planes`
// are the three of `lattice` in order.
extern "C" __global__ void densities(const float* planes, count_t resolution, const count_t* nodes, const float* layers,
                                     count_t hidden, float density_bias, float* to, count_t count) {
    __shared__ float shared[(NEURONS + 1) * NEURONS];
    count_t point = thread_number();
    // Threads beyond the last point help to bring layers, and work on its copy.
    count_t at = point < count ? point : count - 1;
    count_t x = nodes ? nodes[3 * at] : at / resolution / resolution;
    count_t y = nodes ? nodes[3 * at + 1] : at / resolution % resolution;
    count_t z = nodes ? nodes[3 * at + 2] : at % resolution;
    size_t plane = (size_t)resolution * resolution * NEURONS;
    const float* first = planes + (size_t)(x * resolution + y) * NEURONS;
    const float* second = planes + plane + (size_t)(x * resolution + z) * NEURONS;
    const float* third = planes + 2 * plane + (size_t)(y * resolution + z) * NEURONS;
    float numbers[NEURONS];
#pragma unroll
    for (int neuron = 0; neuron < NEURONS; neuron++) numbers[neuron] = first[neuron] + second[neuron] + third[neuron];
    Perceptron perceptron = {layers, hidden, density_bias};
    hidden_layers(perceptron, numbers, shared);
    if (point < count) to[point] = density_of(last_layer(perceptron, numbers, 0), density_bias);
}

// Density, red, green and blue at points (x, y, z) of −1 to 1; blocks of POINTS threads. `planes` are three of
// [side, side, NEURONS]: texels times the first layer, whose bias is `bias`.
extern "C" __global__ void samples(const float* planes, count_t side, const float* bias, const float* points,
                                   const float* layers, count_t hidden, float density_bias, float* to, count_t count) {
    __shared__ float shared[(NEURONS + 1) * NEURONS];
    count_t point = thread_number();
    count_t at = point < count ? point : count - 1;
    float x = points[3 * at], y = points[3 * at + 1], z = points[3 * at + 2];
    size_t plane = (size_t)side * side * NEURONS;
    float numbers[NEURONS];
#pragma unroll
    for (int neuron = 0; neuron < NEURONS; neuron++) {
        numbers[neuron] = bias[neuron] + sampled(planes, side, x, y, neuron) + sampled(planes + plane, side, x, z, neuron) +
                          sampled(planes + 2 * plane, side, y, z, neuron);
    }
    Perceptron perceptron = {layers, hidden, density_bias};
    hidden_layers(perceptron, numbers, shared);
    if (point >= count) return;
    to[4 * (size_t)point] = density_of(last_layer(perceptron, numbers, 0), density_bias);
    for (int colour = 1; colour < 4; colour++) {
        to[4 * (size_t)point + colour] = sigmoid_of(last_layer(perceptron, numbers, colour));
    }
}
