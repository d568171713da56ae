/* A stand-in for libnvidia-ml.so.1 with the same binary interface, for tests on machines without an NVIDIA GPU.
 * It reads the file beside it, PATH_OF_THIS_LIBRARY.state, at every call:
 *   driver 570.86.10
 *   gpu GPU-uuid name=NVIDIA_H100 serial=1 pci=00000000:01:00.0 mem=81559 used=12 util=3 temp=40 power=70000
 *       limit=700000 ecc=1 eccerrors=0 mig=0 cc=90 lost=0         (one line; omitted values are "not supported")
 *   mig MIG-uuid of=GPU-uuid name=NVIDIA_H100_MIG_1g.10gb mem=9728 gi=7 lost=0  (an instance of a card; lost with it)
 *   xid 3 GPU-uuid 79 [gi]                                        (sequence number, GPU, XID, instance; each is delivered once)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OK 0
#define INVALID 2
#define NOT_SUPPORTED 3
#define NOT_FOUND 6
#define TOO_SMALL 7
#define NO_DRIVER 9
#define TIMEOUT 10
#define LOST 15
#define MAX 16
#define LINE 512

typedef struct { char uuid[96]; } device;
typedef struct { unsigned long long total, free, used; } memory;
typedef struct { unsigned gpu, memory; } utilisation;
typedef struct { char legacy[16]; unsigned domain, bus, device, id, subsystem; char bus_id[32]; } pci;
typedef struct { device *gpu; unsigned long long type, data; unsigned gi, ci; } event;

static device devices[MAX];
static int known = 0;
static long delivered = 0;

static FILE *open_state(void) {
    Dl_info self;
    char path[4096];
    if (!dladdr((void *) open_state, &self)) return NULL;
    snprintf(path, sizeof path, "%s.state", self.dli_fname);
    return fopen(path, "r");
}

static int value(const char *line, const char *key, char *out, unsigned size) {
    char needle[32];
    snprintf(needle, sizeof needle, " %s=", key);
    const char *at = strstr(line, needle);
    if (!at) return NOT_SUPPORTED;
    at += strlen(needle);
    unsigned n = strcspn(at, " \n");
    if (n + 1 > size) return TOO_SMALL;
    memcpy(out, at, n);
    out[n] = 0;
    return OK;
}

/* Finds the line of a GPU; LOST where it is gone or says so. */
static int line_of(device *gpu, char *line) {
    char uuid[96], lost[8], of[96];
    int split = strncmp(gpu->uuid, "MIG-", 4) == 0;
    FILE *f = open_state();
    if (!f) return NO_DRIVER;
    int code = LOST;
    while (code == LOST && fgets(line, LINE, f)) {
        if (sscanf(line, split ? "mig %95s" : "gpu %95s", uuid) == 1 && strcmp(uuid, gpu->uuid) == 0) {
            code = value(line, "lost", lost, sizeof lost) == OK && lost[0] == '1' ? LOST : OK;
            if (code == LOST) break;
        }
    }
    fclose(f);
    if (code == OK && split && value(line, "of", of, sizeof of) == OK) {
        char card[LINE];
        device parent;
        strcpy(parent.uuid, of);
        code = line_of(&parent, card);
    }
    return code;
}

static int text(device *gpu, const char *key, char *out, unsigned size) {
    char line[LINE];
    int code = line_of(gpu, line);
    return code ? code : value(line, key, out, size);
}

static int number(device *gpu, const char *key, unsigned long long *out) {
    char buffer[32];
    int code = text(gpu, key, buffer, sizeof buffer);
    if (code == OK) *out = strtoull(buffer, NULL, 10);
    return code;
}

static int small(device *gpu, const char *key, unsigned *out) {
    unsigned long long wide = 0;
    int code = number(gpu, key, &wide);
    if (code == OK) *out = (unsigned) wide;
    return code;
}

int nvmlInit_v2(void) {
    char line[LINE], uuid[96];
    FILE *f = open_state();
    if (!f) return NO_DRIVER;
    known = 0;
    while (known < MAX && fgets(line, LINE, f))
        if (sscanf(line, "gpu %95s", uuid) == 1) strcpy(devices[known++].uuid, uuid);
    fclose(f);
    return OK;
}

int nvmlShutdown(void) { return OK; }

int nvmlSystemGetDriverVersion(char *out, unsigned size) {
    char line[LINE], version[64];
    FILE *f = open_state();
    if (!f) return NO_DRIVER;
    int code = NOT_FOUND;
    while (code && fgets(line, LINE, f))
        if (sscanf(line, "driver %63s", version) == 1) {
            snprintf(out, size, "%s", version);
            code = OK;
        }
    fclose(f);
    return code;
}

int nvmlDeviceGetCount_v2(unsigned *count) { *count = known; return OK; }

int nvmlDeviceGetHandleByIndex_v2(unsigned index, device **out) {
    if ((int) index >= known) return INVALID;
    *out = &devices[index];
    return OK;
}

int nvmlDeviceGetUUID(device *gpu, char *out, unsigned size) {
    char line[LINE];
    int code = line_of(gpu, line);
    if (code == OK) snprintf(out, size, "%s", gpu->uuid);
    return code;
}

int nvmlDeviceGetName(device *gpu, char *out, unsigned size) {
    int code = text(gpu, "name", out, size);
    if (code == OK) for (char *c = out; *c; c++) if (*c == '_') *c = ' ';
    return code;
}

int nvmlDeviceGetSerial(device *gpu, char *out, unsigned size) { return text(gpu, "serial", out, size); }

int nvmlDeviceGetPciInfo_v3(device *gpu, pci *out) { return text(gpu, "pci", out->bus_id, sizeof out->bus_id); }

int nvmlDeviceGetMemoryInfo(device *gpu, memory *out) {
    unsigned long long total = 0, used = 0;
    int code = number(gpu, "mem", &total);
    if (code) return code;
    number(gpu, "used", &used);
    out->total = total << 20;
    out->used = used << 20;
    out->free = out->total - out->used;
    return OK;
}

int nvmlDeviceGetUtilizationRates(device *gpu, utilisation *out) { return small(gpu, "util", &out->gpu); }

int nvmlDeviceGetTemperature(device *gpu, unsigned sensor, unsigned *out) {
    return sensor ? INVALID : small(gpu, "temp", out);
}

int nvmlDeviceGetPowerUsage(device *gpu, unsigned *out) { return small(gpu, "power", out); }

int nvmlDeviceGetEnforcedPowerLimit(device *gpu, unsigned *out) { return small(gpu, "limit", out); }

int nvmlDeviceGetEccMode(device *gpu, unsigned *current, unsigned *pending) {
    int code = small(gpu, "ecc", current);
    *pending = *current;
    return code;
}

int nvmlDeviceGetTotalEccErrors(device *gpu, unsigned type, unsigned counter, unsigned long long *out) {
    return type == 1 && counter == 0 ? number(gpu, "eccerrors", out) : INVALID;
}

int nvmlDeviceGetMigMode(device *gpu, unsigned *current, unsigned *pending) {
    int code = small(gpu, "mig", current);
    *pending = *current;
    return code;
}

int nvmlDeviceGetMaxMigDeviceCount(device *gpu, unsigned *count) {
    char line[LINE];
    *count = 7;
    return line_of(gpu, line);
}

static device instances[MAX];

int nvmlDeviceGetMigDeviceHandleByIndex(device *gpu, unsigned index, device **out) {
    char line[LINE], of[96];
    FILE *f = open_state();
    if (!f) return NO_DRIVER;
    int code = NOT_FOUND;
    unsigned seen = 0, line_number = 0;
    while (code && line_number < MAX && fgets(line, LINE, f)) {
        char uuid[96];
        if (sscanf(line, "mig %95s", uuid) != 1) continue;
        device *one = &instances[line_number++];
        strcpy(one->uuid, uuid);
        if (value(line, "of", of, sizeof of) || strcmp(of, gpu->uuid)) continue;
        if (seen++ == index) {
            *out = one;
            code = OK;
        }
    }
    fclose(f);
    return code;
}

int nvmlDeviceGetGpuInstanceId(device *gpu, unsigned *out) { return small(gpu, "gi", out); }

int nvmlDeviceGetCudaComputeCapability(device *gpu, unsigned *major, unsigned *minor) {
    unsigned both = 0;
    int code = small(gpu, "cc", &both);
    *major = both / 10;
    *minor = both % 10;
    return code;
}

int nvmlEventSetCreate(void **set) { *set = &delivered; return OK; }

int nvmlDeviceRegisterEvents(device *gpu, unsigned long long types, void *set) {
    char line[LINE];
    return set && types == 8 ? line_of(gpu, line) : INVALID;
}

static int next_event(event *out) {
    char line[LINE], uuid[96];
    long sequence;
    unsigned long long xid;
    unsigned gi;
    FILE *f = open_state();
    if (!f) return NO_DRIVER;
    int code = TIMEOUT;
    while (code == TIMEOUT && fgets(line, LINE, f)) {
        int given = sscanf(line, "xid %ld %95s %llu %u", &sequence, uuid, &xid, &gi);
        if (given < 3 || sequence <= delivered) continue;
        delivered = sequence;
        memset(out, 0, sizeof *out);
        for (int i = 0; i < known; i++) if (strcmp(devices[i].uuid, uuid) == 0) out->gpu = &devices[i];
        out->type = 8;
        out->data = xid;
        out->gi = given == 4 ? gi : 0xffffffffu;
        out->ci = 0xffffffffu;
        code = OK;
    }
    fclose(f);
    return code;
}

int nvmlEventSetWait_v2(void *set, event *out, unsigned millis) {
    (void) set;
    for (unsigned waited = 0;; waited += 5) {
        int code = next_event(out);
        if (code != TIMEOUT || waited >= millis) return code;
        usleep(5000);
    }
}

int nvmlEventSetFree(void *set) { return set ? OK : INVALID; }
