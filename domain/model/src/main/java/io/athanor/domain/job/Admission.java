package io.athanor.domain.job;

import io.athanor.domain.common.Ath;
import io.athanor.domain.common.Limits;
import io.athanor.domain.common.Reason;
import io.athanor.domain.common.Refused;
import io.athanor.domain.protocol.ProtocolParameters;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whether a specification may be ordered at all. Each refusal names the field and its bound.
 *
 * <p>It looks at the specification and the parameters alone; whether the client can pay is the account's rule, and
 * whether a machine fits is the scheduler's.
 */
public final class Admission {
    private static final Pattern IMAGE = Pattern.compile(
            "[a-z0-9.-]+(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?@sha256:[0-9a-f]{64}");
    private static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** Names that only the network sets, such as {@code ATHANOR_TASK_INDEX}. */
    private static final String RESERVED_ENV = "ATHANOR_";

    private Admission() {}

    /** Error: {@link Refused} INVALID_SPEC, IMAGE_NOT_BY_DIGEST, PRICE_TOO_LOW or CAP_TOO_LOW. */
    public static void require(JobSpec spec, ProtocolParameters parameters) {
        valid(
                !spec.name().isBlank() && spec.name().length() <= Limits.NAME_CHARS,
                "name must have 1 to " + Limits.NAME_CHARS + " characters");
        valid(spec.name().chars().noneMatch(Character::isISOControl), "name contains a control character");
        image(spec.image());
        command(spec.command());
        env(spec.env());
        resources(spec);
        InputPaths.require(spec.inputs());
        valid(spec.regions().size() <= Limits.REGIONS, "regions must be at most " + Limits.REGIONS);
        money(spec, parameters);
    }

    private static void image(String image) {
        valid(image.length() <= Limits.IMAGE_CHARS, "image must have at most " + Limits.IMAGE_CHARS + " characters");
        Refused.unless(
                IMAGE.matcher(image).matches(),
                Reason.IMAGE_NOT_BY_DIGEST,
                "image must be host/name@sha256:<64 hex>, is " + image);
    }

    private static void command(List<String> command) {
        atMost("command", command.size(), Limits.COMMAND_ARGS, "arguments");
        for (int i = 0; i < command.size(); i++) {
            text("command[" + i + "]", command.get(i), Limits.COMMAND_ARG_CHARS);
        }
    }

    private static void env(Map<String, String> env) {
        atMost("env", env.size(), Limits.ENV_ENTRIES, "entries");
        env.forEach((name, value) -> {
            boolean named = ENV_NAME.matcher(name).matches() && name.length() <= Limits.NAME_CHARS;
            valid(named, "env has the name '" + name + "', which is not a variable's name");
            valid(!name.startsWith(RESERVED_ENV), "env sets " + name + "; " + RESERVED_ENV + "* is the network's");
            text("env." + name, value, Limits.ENV_VALUE_CHARS);
        });
    }

    private static void text(String field, String value, int maxChars) {
        atMost(field, value.length(), maxChars, "characters");
        valid(value.indexOf('\0') < 0, field + " contains a NUL character");
    }

    private static void resources(JobSpec spec) {
        within("tasks", spec.tasks(), 1, Limits.ARRAY_TASKS);
        within("gpus.count", spec.gpus().count(), 1, Limits.GPUS_PER_TASK);
        within("gpus.minMemoryMib", spec.gpus().minMemoryMib(), 0, Limits.JOB_MEMORY_MIB);
        String model = spec.gpus().model();
        valid(
                model == null || !model.isBlank() && model.length() <= Limits.NAME_CHARS,
                "gpus.model must have 1 to " + Limits.NAME_CHARS + " characters or be left out");
        within("cpuMillis", spec.cpuMillis(), 1, Limits.JOB_CPU_MILLIS);
        within("memoryMib", spec.memoryMib(), Limits.JOB_MIN_MEMORY_MIB, Limits.JOB_MEMORY_MIB);
        within("maxDurationMillis", spec.maxDurationMillis(), 1, Limits.JOB_DURATION_MILLIS);
    }

    private static void money(JobSpec spec, ProtocolParameters parameters) {
        Ath minPrice = parameters.market().minPrice();
        boolean priced = !spec.maxPrice().isZero() && spec.maxPrice().covers(minPrice);
        Refused.unless(
                priced,
                Reason.PRICE_TOO_LOW,
                "maxPrice must be above zero and at least " + minPrice + " wei a GPU-second, is " + spec.maxPrice());
        atMostSupply("maxPrice", spec.maxPrice());
        atMostSupply("cap", spec.cap());
        Ath least = leastCap(spec, parameters);
        Refused.unless(
                spec.cap().covers(least),
                Reason.CAP_TOO_LOW,
                "cap must be at least " + least + " wei (" + least.display() + ") at this maxPrice, is " + spec.cap());
    }

    /** More than there is was never meant, and multiplying it would pass what an amount can be. */
    private static void atMostSupply(String field, Ath amount) {
        valid(Ath.SUPPLY.covers(amount), field + " must be at most the supply, " + Ath.SUPPLY + " wei");
    }

    /** The least cap: every task's first {@code minHoldMillis}, or its whole duration where that is shorter. */
    public static Ath leastCap(JobSpec spec, ProtocolParameters parameters) {
        long millis = Math.min(spec.maxDurationMillis(), parameters.market().minHoldMillis());
        // At least one wei a task, so that no task is ordered for nothing.
        Ath ofTask = Billing.cost(millis, spec.maxPrice(), spec.gpus().count()).max(Ath.ofWei(1));
        return ofTask.times(spec.tasks());
    }

    private static void atMost(String field, int value, int max, String unit) {
        valid(value <= max, field + " has " + value + " " + unit + ", at most " + max + " are allowed");
    }

    private static void within(String field, long value, long low, long high) {
        valid(value >= low && value <= high, field + " must lie in " + low + ".." + high + ", is " + value);
    }

    static void valid(boolean rule, String detail) {
        Refused.unless(rule, Reason.INVALID_SPEC, detail);
    }
}
