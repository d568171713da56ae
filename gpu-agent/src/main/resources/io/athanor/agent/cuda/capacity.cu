/* The capacity test of a real GPU: bit for bit what CapacityWork.lane computes on a processor.
 *
 * Every lane fills its words of the card's memory with a chain of states, then reads and overwrites the word that its state
 * chooses, as often as the test says. Word i of a lane lies at i * lanes + lane, so that neighbours fill neighbouring words.
 *
 * nvcc makes PTX of it (gpu-agent/cuda/build.sh), which the driver compiles for the card. Any C compiler makes a function
 * for the processor of it, by which tests compare it with the reference.
 */
#ifdef __CUDACC__
#define ON_CARD __device__ static
#else
#define ON_CARD static
#endif

typedef unsigned long long state;

/* xorshift64* */
ON_CARD state next_state(state x) {
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    return x * 0x2545F4914F6CDD1DULL;
}

/* splitmix64's finish */
ON_CARD state mix(state z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

ON_CARD state capacity_lane(state key, unsigned lane, unsigned lanes, unsigned words, unsigned rounds, state *memory) {
    state *mine = memory + lane;
    state x = mix(key + ((state) lane + 1) * 0x9E3779B97F4A7C15ULL) | 1;
    for (unsigned i = 0; i < words; i++) {
        mine[(state) i * lanes] = x;
        x = next_state(x);
    }
    for (unsigned i = 0; i < rounds; i++) {
        state *word = mine + ((x >> 32) * words >> 32) * lanes;
        x = next_state(x ^ *word);
        *word = x;
    }
    return x;
}

#ifdef __CUDACC__
extern "C" __global__ void capacity(
        state key, unsigned lanes, unsigned words, unsigned rounds, state *memory, state *last) {
    unsigned lane = blockIdx.x * blockDim.x + threadIdx.x;
    if (lane < lanes) {
        last[lane] = capacity_lane(key, lane, lanes, words, rounds, memory);
    }
}
#endif
