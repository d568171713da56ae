/* A stand-in for libcuda.so.1 with the same binary interface, for tests on machines without an NVIDIA GPU: one device of
 * 64 MiB, which computes the kernel's source on the processor. A process whose CUDA_VISIBLE_DEVICES names a MIG instance sees
 * that alone, with 8 MiB; one that names anything else sees nothing. It shows that the driver is called right, and nothing of a
 * GPU. Calls without a current context, with a module that is no PTX of the kernel, or for more memory, are refused.
 */
#include <stdlib.h>
#include <string.h>

#include "../../main/resources/io/athanor/agent/cuda/capacity.cu"

#define OK 0
#define INVALID_VALUE 1
#define OUT_OF_MEMORY 2
#define INVALID_IMAGE 200
#define INVALID_CONTEXT 201
#define NOT_FOUND 500
#define CARD (64ULL << 20)
#define INSTANCE (8ULL << 20)

static int retained, modules, fill, walk;
static unsigned long long used;
static __thread void *current;
static char context;

typedef struct { unsigned long long size; unsigned long long padding; } header;

int cuInit(unsigned flags) { return flags ? INVALID_VALUE : OK; }

static int shows_instance(void) {
    const char *visible = getenv("CUDA_VISIBLE_DEVICES");
    return visible && strncmp(visible, "MIG-", 4) == 0 && !strchr(visible, ',');
}

int cuDeviceGetCount(int *count) { *count = shows_instance() || !getenv("CUDA_VISIBLE_DEVICES"); return OK; }
int cuDeviceGet(int *device, int ordinal) { *device = 7; return ordinal ? INVALID_VALUE : OK; }

int cuDeviceGetUuid(unsigned char *uuid, int device) {
    for (int i = 0; i < 16; i++) uuid[i] = (unsigned char) (i * 17);
    return device == 7 ? OK : INVALID_VALUE;
}

int cuDevicePrimaryCtxRetain(void **out, int device) {
    if (device != 7) return INVALID_VALUE;
    retained++;
    *out = &context;
    return OK;
}

int cuDevicePrimaryCtxRelease_v2(int device) { return device == 7 && retained-- > 0 && modules == 0 ? OK : INVALID_CONTEXT; }

int cuCtxSetCurrent(void *set) {
    if (set && (set != &context || !retained)) return INVALID_CONTEXT;
    current = set;
    return OK;
}

int cuCtxSynchronize(void) { return current ? OK : INVALID_CONTEXT; }

int cuModuleLoadData(void **module, const char *image) {
    if (!current) return INVALID_CONTEXT;
    if (!strstr(image, ".version") || !strstr(image, ".entry capacity_fill(") || !strstr(image, ".entry capacity_walk(")) return INVALID_IMAGE;
    modules++;
    *module = &modules;
    return OK;
}

int cuModuleUnload(void *module) { return current && module == &modules && modules-- > 0 ? OK : INVALID_CONTEXT; }

int cuModuleGetFunction(void **function, void *module, const char *name) {
    *function = strcmp(name, "capacity_fill") ? &walk : &fill;
    return module == &modules && (*function == &fill || strcmp(name, "capacity_walk") == 0) ? OK : NOT_FOUND;
}

int cuMemAlloc_v2(unsigned long long *out, unsigned long long size) {
    if (!current) return INVALID_CONTEXT;
    if (used + size > (shows_instance() ? INSTANCE : CARD)) return OUT_OF_MEMORY;
    header *block = malloc(sizeof(header) + size);
    block->size = size;
    used += size;
    *out = (unsigned long long) (block + 1);
    return OK;
}

int cuMemFree_v2(unsigned long long at) {
    if (!current) return INVALID_CONTEXT;
    header *block = (header *) at - 1;
    used -= block->size;
    free(block);
    return OK;
}

int cuMemcpyDtoH_v2(void *host, unsigned long long from, unsigned long long size) {
    if (!current) return INVALID_CONTEXT;
    memcpy(host, (void *) from, size);
    return OK;
}

int cuLaunchKernel(void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
        unsigned shared, void *stream, void **arguments, void **extra) {
    if (!current) return INVALID_CONTEXT;
    if (gy != 1 || gz != 1 || by != 1 || bz != 1 || shared || stream || extra) return INVALID_VALUE;
    state key = *(state *) arguments[0];
    if (function == &fill) {
        static __thread state together[WORDS];
        unsigned blocks = *(unsigned *) arguments[1];
        state *memory = *(state **) arguments[2];
        for (unsigned group = 0; group < gx; group++)
            for (unsigned block = group; block < blocks; block += gx)
                capacity_block(key, block, together, memory, 0, 1);
        return OK;
    }
    if (function != &walk) return INVALID_VALUE;
    unsigned lanes = *(unsigned *) arguments[1], blocks = *(unsigned *) arguments[2], rounds = *(unsigned *) arguments[3];
    state *memory = *(state **) arguments[4], *last = *(state **) arguments[5];
    for (unsigned lane = 0; lane < gx * bx; lane++)
        if (lane < lanes) last[lane] = capacity_lane(key, lane, blocks, rounds, memory);
    return OK;
}
