// Multiplies two n x n matrices of floats with a tiled kernel, checks one row on the CPU, and writes the throughput.
// Needs a real NVIDIA GPU. Build: nvcc -O3 -arch=native -o matmul matmul.cu
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

constexpr int TILE = 32;

#define CHECK(call)                                                             \
    do {                                                                        \
        cudaError_t error = (call);                                             \
        if (error != cudaSuccess) {                                             \
            std::fprintf(stderr, "%s: %s\n", #call, cudaGetErrorString(error)); \
            std::exit(1);                                                       \
        }                                                                       \
    } while (0)

__global__ void multiply(const float* a, const float* b, float* c, int n) {
    __shared__ float as[TILE][TILE], bs[TILE][TILE];
    int row = blockIdx.y * TILE + threadIdx.y, column = blockIdx.x * TILE + threadIdx.x;
    float sum = 0;
    for (int t = 0; t < n; t += TILE) {
        as[threadIdx.y][threadIdx.x] = a[row * n + t + threadIdx.x];
        bs[threadIdx.y][threadIdx.x] = b[(t + threadIdx.y) * n + column];
        __syncthreads();
        for (int k = 0; k < TILE; k++) sum += as[threadIdx.y][k] * bs[k][threadIdx.x];
        __syncthreads();
    }
    c[row * n + column] = sum;
}

int main(int argc, char** argv) {
    int n = argc > 1 ? std::atoi(argv[1]) : 4096;
    if (n < TILE || n % TILE != 0) {
        std::fprintf(stderr, "n must be a multiple of %d\n", TILE);
        return 2;
    }
    size_t bytes = sizeof(float) * n * n;
    std::vector<float> a(n * n), b(n * n), c(n * n);
    for (int i = 0; i < n * n; i++) {
        a[i] = (i * 7 % 13) / 13.0f;
        b[i] = (i * 5 % 11) / 11.0f;
    }
    float *da, *db, *dc;
    CHECK(cudaMalloc(&da, bytes));
    CHECK(cudaMalloc(&db, bytes));
    CHECK(cudaMalloc(&dc, bytes));
    CHECK(cudaMemcpy(da, a.data(), bytes, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy(db, b.data(), bytes, cudaMemcpyHostToDevice));
    dim3 threads(TILE, TILE), blocks(n / TILE, n / TILE);
    multiply<<<blocks, threads>>>(da, db, dc, n);
    CHECK(cudaDeviceSynchronize());
    cudaEvent_t begin, end;
    CHECK(cudaEventCreate(&begin));
    CHECK(cudaEventCreate(&end));
    CHECK(cudaEventRecord(begin));
    multiply<<<blocks, threads>>>(da, db, dc, n);
    CHECK(cudaEventRecord(end));
    CHECK(cudaEventSynchronize(end));
    float ms;
    CHECK(cudaEventElapsedTime(&ms, begin, end));
    CHECK(cudaMemcpy(c.data(), dc, bytes, cudaMemcpyDeviceToHost));
    for (int column = 0; column < n; column++) {
        double expected = 0;
        for (int k = 0; k < n; k++) expected += (double)a[k] * b[(size_t)k * n + column];
        if (std::fabs(expected - c[column]) > 1e-3 * n) {
            std::fprintf(stderr, "wrong at column %d: %f instead of %f\n", column, c[column], expected);
            return 1;
        }
    }
    double tflops = 2.0 * n * n * n / (ms * 1e-3) / 1e12;
    std::printf("n=%d: %.3f ms, %.2f TFLOP/s\n", n, ms, tflops);
    FILE* out = std::fopen("/out/result.txt", "w");
    if (!out) {
        std::perror("/out/result.txt");
        return 1;
    }
    std::fprintf(out, "n=%d ms=%.3f tflops=%.2f\n", n, ms, tflops);
    return std::fclose(out);
}
