/* The capacity test of a real GPU: bit for bit what CapacityTable and CapacityWork.lane compute on a processor.
 *
 * The first kernel fills the card's memory with a table: in blocks of 4,096 words, each a butterfly network over inputs that
 * follow from the key. The second walks over it: each lane reads the word that its state chooses, as often as the test says.
 *
 * nvcc makes PTX of it (gpu-agent/cuda/build.sh), which the driver compiles for the card. Any C compiler makes functions
 * for the processor of it, by which tests compare it with the reference.
 */
#ifdef __CUDACC__
#define ON_CARD __device__ static
#define TOGETHER() __syncthreads()
#else
#define ON_CARD static
#define TOGETHER()
#endif

#define WORDS 4096u
#define LAYERS 12
#define MULTIPLIER 0x2545F4914F6CDD1DULL
#define GOLDEN 0x9E3779B97F4A7C15ULL

typedef unsigned long long state;

/* xorshift64* */
ON_CARD state next_state(state x) {
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return x * MULTIPLIER;
}

/* splitmix64's finish */
ON_CARD state mix(state z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

ON_CARD state join(state a, state b) {
    state x = (a ^ (b << 32 | b >> 32)) * MULTIPLIER;
    return (x ^ x >> 32) + b;
}

/* One thread's part of a block, which many make together in memory that they share. In a layer each pair is one thread's. */
ON_CARD void capacity_block(state key, state block, state *shared, state *memory, unsigned thread, unsigned threads) {
    state first = mix(key) + (block * WORDS + 1) * GOLDEN;
    for (unsigned i = thread; i < WORDS; i += threads) shared[i] = mix(first + i * GOLDEN);
    TOGETHER();
    for (unsigned half = WORDS / 2; half; half /= 2) {
        for (unsigned pair = thread; pair < WORDS / 2; pair += threads) {
            state *at = shared + ((pair & ~(half - 1)) << 1 | (pair & (half - 1)));
            state a = at[0], b = at[half];
            at[0] = join(a, b);
            at[half] = join(b, a);
        }
        TOGETHER();
    }
    for (unsigned i = thread; i < WORDS; i += threads) memory[block * WORDS + i] = shared[i];
    TOGETHER();
}

ON_CARD state capacity_lane(state key, unsigned lane, unsigned blocks, unsigned rounds, const state *memory) {
    state x = mix(key + ((state) lane + 1) * GOLDEN) | 1;
    for (unsigned i = 0; i < rounds; i++) {
        state block = (x >> 32) * blocks >> 32;
        x = next_state(x ^ memory[block * WORDS + (x >> (32 - LAYERS) & (WORDS - 1))]);
    }
    return x;
}

#ifdef __CUDACC__
extern "C" __global__ void capacity_fill(state key, unsigned blocks, state *memory) {
    __shared__ state shared[WORDS];
    for (unsigned block = blockIdx.x; block < blocks; block += gridDim.x)
        capacity_block(key, block, shared, memory, threadIdx.x, blockDim.x);
}

extern "C" __global__ void capacity_walk(
        state key, unsigned lanes, unsigned blocks, unsigned rounds, const state *__restrict__ memory, state *last) {
    unsigned lane = blockIdx.x * blockDim.x + threadIdx.x;
    if (lane < lanes) last[lane] = capacity_lane(key, lane, blocks, rounds, memory);
}
#endif
