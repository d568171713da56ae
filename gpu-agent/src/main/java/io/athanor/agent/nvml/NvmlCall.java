package io.athanor.agent.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/** The functions of {@code nvml.h} that the agent uses. Any of them may be missing in an older driver. */
enum NvmlCall {
    INIT("nvmlInit_v2"),
    SHUTDOWN("nvmlShutdown"),
    DRIVER_VERSION("nvmlSystemGetDriverVersion", ADDRESS, JAVA_INT),
    COUNT("nvmlDeviceGetCount_v2", ADDRESS),
    BY_INDEX("nvmlDeviceGetHandleByIndex_v2", JAVA_INT, ADDRESS),
    NAME("nvmlDeviceGetName", ADDRESS, ADDRESS, JAVA_INT),
    UUID("nvmlDeviceGetUUID", ADDRESS, ADDRESS, JAVA_INT),
    SERIAL("nvmlDeviceGetSerial", ADDRESS, ADDRESS, JAVA_INT),
    PCI("nvmlDeviceGetPciInfo_v3", ADDRESS, ADDRESS),
    MEMORY("nvmlDeviceGetMemoryInfo", ADDRESS, ADDRESS),
    UTILISATION("nvmlDeviceGetUtilizationRates", ADDRESS, ADDRESS),
    TEMPERATURE("nvmlDeviceGetTemperature", ADDRESS, JAVA_INT, ADDRESS),
    POWER("nvmlDeviceGetPowerUsage", ADDRESS, ADDRESS),
    POWER_LIMIT("nvmlDeviceGetEnforcedPowerLimit", ADDRESS, ADDRESS),
    ECC_MODE("nvmlDeviceGetEccMode", ADDRESS, ADDRESS, ADDRESS),
    ECC_ERRORS("nvmlDeviceGetTotalEccErrors", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS),
    MIG_MODE("nvmlDeviceGetMigMode", ADDRESS, ADDRESS, ADDRESS),
    MIG_COUNT("nvmlDeviceGetMaxMigDeviceCount", ADDRESS, ADDRESS),
    MIG_BY_INDEX("nvmlDeviceGetMigDeviceHandleByIndex", ADDRESS, JAVA_INT, ADDRESS),
    GPU_INSTANCE_ID("nvmlDeviceGetGpuInstanceId", ADDRESS, ADDRESS),
    COMPUTE_CAPABILITY("nvmlDeviceGetCudaComputeCapability", ADDRESS, ADDRESS, ADDRESS),
    EVENT_SET_CREATE("nvmlEventSetCreate", ADDRESS),
    EVENT_REGISTER("nvmlDeviceRegisterEvents", ADDRESS, JAVA_LONG, ADDRESS),
    EVENT_WAIT("nvmlEventSetWait_v2", ADDRESS, ADDRESS, JAVA_INT),
    EVENT_SET_FREE("nvmlEventSetFree", ADDRESS);

    final String symbol;
    // FunctionDescriptor is documented as immutable and thread-safe, but carries no annotation that says so.
    @SuppressWarnings("ImmutableEnumChecker")
    final FunctionDescriptor descriptor;

    NvmlCall(String symbol, MemoryLayout... arguments) {
        this.symbol = symbol;
        this.descriptor = FunctionDescriptor.of(JAVA_INT, arguments);
    }
}
