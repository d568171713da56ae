package io.athanor.agent.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/** The functions of {@code cuda.h} that the agent uses; each returns a CUresult. Device pointers are 64 bits. */
enum CudaCall {
    INIT("cuInit", JAVA_INT),
    COUNT("cuDeviceGetCount", ADDRESS),
    DEVICE("cuDeviceGet", ADDRESS, JAVA_INT),
    UUID("cuDeviceGetUuid", ADDRESS, JAVA_INT),
    RETAIN("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT),
    RELEASE("cuDevicePrimaryCtxRelease_v2", JAVA_INT),
    SET_CURRENT("cuCtxSetCurrent", ADDRESS),
    SYNCHRONIZE("cuCtxSynchronize"),
    LOAD("cuModuleLoadData", ADDRESS, ADDRESS),
    UNLOAD("cuModuleUnload", ADDRESS),
    FUNCTION("cuModuleGetFunction", ADDRESS, ADDRESS, ADDRESS),
    ALLOCATE("cuMemAlloc_v2", ADDRESS, JAVA_LONG),
    FREE("cuMemFree_v2", JAVA_LONG),
    COPY_TO_HOST("cuMemcpyDtoH_v2", ADDRESS, JAVA_LONG, JAVA_LONG),
    LAUNCH(
            "cuLaunchKernel",
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS);

    final String symbol;
    // FunctionDescriptor is documented as immutable and thread-safe, but carries no annotation that says so.
    @SuppressWarnings("ImmutableEnumChecker")
    final FunctionDescriptor descriptor;

    CudaCall(String symbol, MemoryLayout... arguments) {
        this.symbol = symbol;
        this.descriptor = FunctionDescriptor.of(JAVA_INT, arguments);
    }
}
